import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { Access } from "./access.ts";
import type { App } from "./http-server.ts";

const open: { access: Access } = { access: { may: "public" } };

/** The studio's files. Every page of it is the same document, which reads its address itself. */
export async function serveStudio(app: App, folder: string): Promise<void> {
  if (!existsSync(join(folder, "index.html"))) {
    app.get("/", { config: open, schema: { hide: true } }, async (_request, reply) =>
      reply.status(503).type("text/plain").send("The studio is not built. Run: npm run build\n"),
    );
    return;
  }
  await app.register(fastifyStatic, {
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
  app.get("/assets/*", { config: open, schema: { hide: true } }, (request, reply) =>
    reply.sendFile(`assets/${(request.params as { "*": string })["*"]}`),
  );
  for (const page of ["/", "/w/*"]) {
    app.get(page, { config: open, schema: { hide: true } }, (_request, reply) =>
      reply.sendFile("index.html"),
    );
  }
}
