// Imported before any module that builds a schema: zod tries `new Function` with its first schema,
// and our Content-Security-Policy reports that in the console.
import { config } from "zod";

config({ jitless: true });
