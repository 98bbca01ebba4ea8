import { existsSync } from "node:fs";
import { join } from "node:path";
import helmet from "@fastify/helmet";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import type { Access } from "../access/authorize.ts";
import type { App } from "../request/app.ts";

const open: { access: Access } = { access: { may: "public" } };
const document: { access: Access } = { access: { may: "public", opened: true } };

export interface StudioOptions {
  readonly folder: string;
  /** Origins that may show the studio in a frame, as the CSP directive has them. */
  readonly frameAncestors: string;
}

/** The studio's files. Every page of it is the same document, which reads its address itself. */
export async function serveStudio(app: App, { folder, frameAncestors }: StudioOptions): Promise<void> {
  // A scope of its own: the policy below is for documents, not for the API's answers.
  await app.register(async (studio) => {
    await studio.register(helmet, policyOf(frameAncestors));
    if (existsSync(join(folder, "index.html"))) await serveFiles(studio, folder);
    else serveHint(studio);
  });
}

const policyOf = (frameAncestors: string) => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      "default-src": ["'self'"],
      "img-src": ["'self'", "data:"],
      "object-src": ["'none'"],
      "base-uri": ["'none'"],
      "form-action": ["'self'"],
      "frame-ancestors": frameAncestors.split(/\s+/),
    },
  },
  frameguard: false,
  referrerPolicy: { policy: "no-referrer" as const },
  // The server speaks plain HTTP on loopback; a proxy that adds TLS adds this header too.
  strictTransportSecurity: false,
});

async function serveFiles(studio: FastifyInstance, folder: string): Promise<void> {
  await studio.register(fastifyStatic, {
    root: folder,
    serve: false,
    // File names under assets/ carry a hash of their content.
    setHeaders: (response, path) => {
      response.header(
        "cache-control",
        path.includes("assets") ? "public, max-age=31536000, immutable" : "no-cache",
      );
    },
  });
  studio.get("/assets/*", { config: open, schema: { hide: true } }, (request, reply) =>
    reply.sendFile(`assets/${(request.params as { "*": string })["*"]}`),
  );
  for (const page of ["/", "/w/*", "/vault", "/inbox", "/hosts", "/audit", "/settings", "/settings/:page"]) {
    studio.get(page, { config: document, schema: { hide: true } }, (_request, reply) =>
      reply.sendFile("index.html"),
    );
  }
}

function serveHint(studio: FastifyInstance): void {
  studio.get("/", { config: document, schema: { hide: true } }, async (_request, reply) =>
    reply.status(503).type("text/plain").send("The studio is not built. Run: npm run build\n"),
  );
}
