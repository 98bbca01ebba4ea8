import { join } from "node:path";
import autocannon from "autocannon";
import { sql } from "kysely";
import { administratorCaller } from "../server/access/caller.ts";
import { benchEnvironment, createBenchDatabase, openBenchSystem, overhearStatement } from "./bench-system.ts";
import { startProcess } from "./http.ts";
import { compareRates, medianTime, report } from "./measure.ts";

const oneTime = {
  type: "totp",
  secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
  algorithm: "SHA1",
  digits: 6,
  period: 30,
  counter: null,
  issuer: null,
  account: null,
  weak: false,
} as const;
const measured = 200;

/** The code of a vault entry: the route over a bare route, and one entry of very many over one of few. */
export async function benchVault(serverUrl: string): Promise<void> {
  const url = await createBenchDatabase(serverUrl);
  const environment = benchEnvironment(url);
  const { system } = await openBenchSystem(environment);
  const { vault, database, defaultWorkspaceId: workspaceId } = system;
  const db = database.kysely;
  const caller = administratorCaller(workspaceId);
  for (let number = 0; number < measured; number++)
    await vault.add(caller, { name: `measured ${number}`, type: "TOTP", data: {}, oneTime });
  const { signal } = new AbortController();
  let next = 0;
  const read = () =>
    vault.issueCode({ caller, entry: { name: `measured ${next++ % measured}` }, minRemaining: 0, signal });

  /** Copies of one entry under other names. A search finds or skips them like any other entry. */
  const fillTo = async (total: number): Promise<void> => {
    const { rows } = await sql<{ count: number }>`select count(*) from vault_entry`.execute(db);
    const batch = 20_000;
    for (let from = rows[0]?.count ?? 0; from < total; from += batch)
      await sql`
      insert into vault_entry (id, workspace_id, owner_kind, owner_id, name, type, sealed_data, sealed_secret, otp_type,
        algorithm, digits, period, created_at)
      select gen_random_uuid(), e.workspace_id, e.owner_kind, e.owner_id, 'filler ' || n, e.type, e.sealed_data, e.sealed_secret,
        e.otp_type, e.algorithm, e.digits, e.period, e.created_at + n * interval '1 second'
      from vault_entry e, generate_series(${from + 1}::bigint, ${Math.min(from + batch, total)}::bigint) n
      where e.name = 'measured 0'`.execute(db);
    // The work that is left from filling is not part of a read.
    await sql`analyze vault_entry`.execute(db);
    await sql`checkpoint`.execute(db);
  };
  await fillTo(1_000);
  const statement = await overhearStatement(read);
  const time = async () => {
    await medianTime(read, 500);
    return medianTime(read, 2_000);
  };
  const few = await time();
  await fillTo(1_000_000);
  const many = await time();
  const ratio = many / few;
  report(
    "one code of 1,000,000 entries / of 1,000",
    `${ratio.toFixed(2)}  (${many.toFixed(2)} ms over ${few.toFixed(2)} ms)`,
    "1.20 or less",
    ratio <= 1.2,
  );
  await database.close();

  const totem = await startProcess(
    [join(import.meta.dirname, "../server/cli.ts"), "start"],
    { ...environment, TOTEM_STUDIO: "off" },
    /ready at (\S+)/,
  );
  const bare = await startProcess(
    [join(import.meta.dirname, "bare-route.ts")],
    { DATABASE_URL: url, STATEMENT: JSON.stringify(statement) },
    /ready at (\S+)/,
  );
  const headers = { authorization: `Bearer ${environment.TOTEM_ADMIN_KEY}` };
  const rate = async (target: string, method: "GET" | "POST"): Promise<number> => {
    const result = await autocannon({ url: target, method, headers, connections: 10, duration: 2 });
    if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} answers were refusals.`);
    return result.requests.average;
  };
  await compareRates("/v0/vault/:name/totp / bare Fastify route, 10 clients", 0.7, {
    ours: () => rate(`${totem.url}/v0/vault/measured%200/totp`, "GET"),
    floor: () => rate(bare.url, "POST"),
  });
  await totem.stop();
  await bare.stop();
}
