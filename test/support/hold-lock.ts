/** Takes the lock of a data folder, says so, and stays. To be killed. */
import { lockDataFolder } from "../../server/database/data-folder-lock.ts";

lockDataFolder(process.argv[2] ?? "");
console.log("locked");
setInterval(() => {}, 60_000);
