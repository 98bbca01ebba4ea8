/** Stores a row in the embedded database of a folder, then one more on a disk that refuses to be flushed. */
import { sql } from "kysely";
import { openPgliteDatabase } from "../../server/database/pglite-database.ts";

let isGone = false;
const onFlush = (): void => {
  if (isGone) throw new Error("EIO");
};
const { kysely } = await openPgliteDatabase({ dataFolder: process.argv[2] ?? "", onFlush });
await sql`create table note (words text)`.execute(kysely);
await sql`insert into note values ('kept')`.execute(kysely);
console.log("stored");
isGone = true;
const attempts = [1, 2, 3].map(() => sql`insert into note values ('lost')`.execute(kysely));
console.log((await Promise.allSettled(attempts)).map(({ status }) => status).join(" "));
