import { Client } from "pg";
import { onTestFinished } from "vitest";
import { random } from "./seeded-random.ts";

/** A new database on the PostgreSQL of the tests with two roles: its owner, and one that owns nothing. */
export async function createTwoRoles() {
  const server = process.env.DATABASE_URL ?? "";
  const id = random.bytes(6).toString("hex");
  const [database, owner, app] = [`roles_${id}`, `owner_${id}`, `app "${id}"`];
  const password = random.bytes(12).toString("hex");
  const admin = new Client({ connectionString: server });
  await admin.connect();
  const quoted = (name: string) => admin.escapeIdentifier(name);
  for (const role of [owner, app])
    await admin.query(`create role ${quoted(role)} login password '${password}'`);
  await admin.query(`create database ${database} owner ${owner}`);
  const urlAs = (user: string): string => {
    const url = new URL(server);
    Object.assign(url, { pathname: `/${database}`, username: encodeURIComponent(user), password });
    return url.href;
  };
  onTestFinished(async () => {
    await admin.query(`drop database ${database} with (force)`);
    for (const role of [owner, app]) await admin.query(`drop role ${quoted(role)}`);
    await admin.end();
  });
  return { ownerUrl: urlAs(owner), appUrl: urlAs(app), app };
}
