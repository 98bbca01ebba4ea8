/** Opens the embedded database in a folder, stores a row, says so, and stays. To be killed. */
import { sql } from "kysely";
import { openDatabase } from "../../server/database/open-database.ts";

const { kysely } = await openDatabase({ dataFolder: process.argv[2] ?? "" });
await sql`create table if not exists note (words text)`.execute(kysely);
await sql`insert into note values ('kept')`.execute(kysely);
console.log("stored");
setInterval(() => {}, 60_000);
