import { writeEmptyDatabase } from "./empty-database.ts";

/** Part of `npm run build`. */
await writeEmptyDatabase();
