/** The floor of the HTTP bench: a Fastify route that runs one statement and answers with a constant of the same size. */
import fastify from "fastify";
import { Pool } from "pg";

const statement = JSON.parse(process.env.STATEMENT ?? "{}") as { text: string; values: unknown[] };
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const app = fastify();
app.post("/", async () => {
  const { rows } = await pool.query({ name: "bare", ...statement });
  return {
    success: true,
    username: rows[0].username,
    totp_code: "000000",
    expires_in: 30,
    period: rows[0].period,
  };
});
const url = await app.listen({ host: "127.0.0.1", port: 0 });
process.stdout.write(`ready at ${url}\n`);
process.on("SIGTERM", () => process.exit(0));
