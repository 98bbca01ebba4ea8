import cookie from "@fastify/cookie";
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
import type { Authenticate } from "../access/authenticate.ts";
import type { App } from "../request/app.ts";
import { recordRefusal } from "../request/errors.ts";
import { dataHeaders } from "../request/reply.ts";
import { allowOrRefuse, fillForTool, limitedAs, recognize, requireAccess } from "./access.ts";
import { type ForeignRequestParts, refuseForeign } from "./foreign-requests.ts";
import { createOpenRequests, type OpenRequestParts } from "./open-requests.ts";
import { sendProblem, withProblems } from "./problem-response.ts";
import { type RouteParts, registerRoutes } from "./routes/routes.ts";
import { serveStudio } from "./serve-studio.ts";
import { requireSignature } from "./signed-requests.ts";

/** Large enough for a workflow of 2,000 nodes, small enough to be read at once. */
const largestBody = 4 * 1024 * 1024;
/** Deeper than anything a canvas saves, far from where a walk through it runs out of stack. */
const deepestBody = 100;
/** A body that arrives a byte at a time must not hold its connection for ever. */
const slowestRequestMs = 60_000;

export interface HttpParts extends RouteParts {
  readonly authenticate: Authenticate;
  readonly logger: FastifyBaseLogger;
  readonly requestsPerMinute: number;
  readonly frameAncestors: string;
  readonly foreign: ForeignRequestParts;
  readonly open: OpenRequestParts;
  /** Adds the routes of a room beside this one, which get the same authentication, limits and errors. */
  readonly addRoutes?: ((app: FastifyInstance) => void) | undefined;
  /** Adds the public APIs that answer errors in shapes of their own. */
  readonly addDialects: (app: FastifyInstance) => Promise<void>;
  /** Folder of the built studio; absent when this process serves none. */
  readonly studioFolder?: string;
}

/**
 * The HTTP room: says who is calling, whether they may, and hands over to the rooms. Every route
 * declares its access; one that does not, does not start.
 */
export async function createHttpServer(parts: HttpParts): Promise<App> {
  const app = fastify({
    loggerInstance: parts.logger,
    // Request lines would carry URLs; what is worth knowing is in the audit log.
    logController: new LogController({ disableRequestLogging: true }),
    // A logger of its own for every request costs more than the few that log are worth: they name the request themselves.
    childLoggerFactory: (logger) => logger,
    bodyLimit: largestBody,
    forceCloseConnections: true,
    requestTimeout: slowestRequestMs,
    routerOptions: { maxParamLength: 400 },
    frameworkErrors: (error, _request, reply) => void sendProblem(error, reply as never),
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(async (error, request, reply) => {
    await recordRefusal(parts, error, request);
    return sendProblem(error, reply);
  });
  acceptEmptyJson(app);

  app.addHook("onRequest", refuseForeign.bind(null, parts.foreign));
  await app.register(cookie);
  await app.register(rateLimit, {
    max: parts.requestsPerMinute,
    timeWindow: "1 minute",
    keyGenerator: limitedAs,
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
    transformObject: (document) => withProblems("openapiObject" in document ? document.openapiObject : {}),
  });

  // Looking for addresses is counted like any other request.
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (_request, reply) =>
    sendProblem(new PluginError("NOT_FOUND"), reply),
  );
  app.addHook("onRoute", requireAccess);
  app.addHook("onRequest", recognize.bind(null, parts.authenticate));
  // The limit is an onRequest hook of every route, and those run after the server's own.
  app.addHook("preParsing", (request) => allowOrRefuse(parts, request));
  const signed = { db: parts.db, clock: parts.clock, largestBody };
  app.addHook("preParsing", (request, _reply, payload) => requireSignature(signed, request, payload));
  app.addHook("preValidation", fillForTool);
  const openRequests = createOpenRequests(parts.open);
  app.addHook("preParsing", openRequests.add);
  app.addHook("onClose", openRequests.stop);
  await app.register(async (api) => {
    api.addHook("onRequest", async (_request, reply) => {
      reply.headers(dataHeaders);
    });
    registerRoutes(api.withTypeProvider<ZodTypeProvider>() as App, parts);
    parts.addRoutes?.(api as FastifyInstance);
  });
  await parts.addDialects(app);
  if (parts.studioFolder !== undefined)
    await serveStudio(app as App, { folder: parts.studioFolder, frameAncestors: parts.frameAncestors });
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
  // With plain text goes the one kind of body that a form of another site could send.
  app.removeContentTypeParser(["application/json", "text/plain"]);
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else if (isDeeperThan(body as string, deepestBody))
      done(
        new PluginError("INPUT_INVALID", {
          fields: [{ field: "body", problem: `Nested more than ${deepestBody} deep.` }],
        }),
      );
    else parse(request, body as string, done);
  });
}

/** Counts brackets outside of strings, before anything walks through the body by recursion. */
function isDeeperThan(json: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < json.length; index++) {
    const character = json.charCodeAt(index);
    if (character === 0x22) inString = !inString;
    else if (inString) index += character === 0x5c ? 1 : 0;
    else if (character === 0x5b || character === 0x7b) {
      if (++depth > limit) return true;
    } else if (character === 0x5d || character === 0x7d) depth--;
  }
  return false;
}
