import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifySchemaCompiler,
  LogController,
} from "fastify";
import { jsonSchemaTransform, serializerCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { z } from "zod";
import { parseInput } from "../../plugin/parse-input.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { hashToken } from "../secrets/bearer-token.ts";
import { allowOrRefuse, credentialsOf, requireAccess } from "./access.ts";
import type { Authenticate } from "./authenticate.ts";
import { sendProblem } from "./problem-response.ts";
import { type RouteParts, registerRoutes } from "./routes/routes.ts";
import { serveStudio } from "./serve-studio.ts";

/** Large enough for a workflow of 2,000 nodes, small enough to be read at once. */
const largestBody = 4 * 1024 * 1024;

export interface HttpParts extends RouteParts {
  readonly authenticate: Authenticate;
  readonly logger: FastifyBaseLogger;
  readonly requestsPerMinute: number;
  readonly frameAncestors: string;
  /** Folder of the built studio; absent when this process serves none. */
  readonly studioFolder?: string;
}

export type App = FastifyInstance<
  import("fastify").RawServerDefault,
  import("fastify").RawRequestDefaultExpression,
  import("fastify").RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/**
 * The HTTP room: says who is calling, whether they may, and hands over to the rooms. Every route
 * declares its access; one that does not, does not start.
 */
export async function createHttpServer(parts: HttpParts): Promise<App> {
  const app = fastify({
    loggerInstance: parts.logger,
    // Request lines would carry URLs; what is worth knowing is in the audit log.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: largestBody,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 400 },
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply as never),
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.setNotFoundHandler((request, reply) => sendProblem(new PluginError("NOT_FOUND"), request, reply));
  acceptEmptyJson(app);

  await app.register(cookie);
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": parts.frameAncestors.split(/\s+/),
      },
    },
    frameguard: false,
    referrerPolicy: { policy: "no-referrer" },
    // The server speaks plain HTTP on loopback; a proxy that adds TLS adds this header too.
    strictTransportSecurity: false,
  });
  await app.register(rateLimit, {
    max: parts.requestsPerMinute,
    timeWindow: "1 minute",
    keyGenerator: (request) => {
      const { bearer, cookie: session } = credentialsOf(request);
      return (bearer ?? session) ? hashToken(bearer ?? session ?? "") : request.ip;
    },
    errorResponseBuilder: (_request, context) =>
      new PluginError("RATE_LIMITED", { retryAfterSeconds: Math.ceil(context.ttl / 1000) }),
  });
  await app.register(swagger, {
    openapi: {
      info: { title: "Totem", version: "1", description: "Identity and two-factor codes for AI agents." },
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
      security: [{ bearer: [] }],
    },
    transform: jsonSchemaTransform,
  });

  app.addHook("onRoute", requireAccess);
  app.addHook("onRequest", allowOrRefuse(parts.authenticate));
  app.addHook("onSend", async (request, reply) => {
    if (!request.url.startsWith("/api/") && !request.url.startsWith("/openapi")) return;
    reply.header("cache-control", "no-store").header("pragma", "no-cache");
  });
  await app.register(async (scoped) =>
    registerRoutes(scoped.withTypeProvider<ZodTypeProvider>() as App, parts),
  );
  if (parts.studioFolder !== undefined) await serveStudio(app as App, parts.studioFolder);
  return app as App;
}

/** Every part of a request goes through the one parser that names fields and repeats no values. */
const compileValidator: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const prefix =
    httpPart === undefined || httpPart === "body" ? "" : httpPart === "querystring" ? "query" : httpPart;
  return (data: unknown) => {
    try {
      // A request without a body is one whose body says nothing.
      return { value: parseInput(schema, data ?? undefined, prefix) };
    } catch (error) {
      return { error: error as PluginError };
    }
  };
};

/** A POST that says it is JSON and has no body means "no fields", as clients of many languages send it. */
function acceptEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else parse(request, body as string, done);
  });
}
