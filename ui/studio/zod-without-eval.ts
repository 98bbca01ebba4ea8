// Imported before anything that builds a schema: zod tries `new Function` when its first schema is
// made, and our Content-Security-Policy reports every such try in the console.
import { config } from "zod";

config({ jitless: true });
