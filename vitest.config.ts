import { configDefaults, defineConfig } from "vitest/config";

const browser = "test/journeys/*.browser.test.ts";
const postgresOnly = "test/**/*.postgres.test.ts";
const pgliteOnly = "test/**/*.pglite.test.ts";

/**
 * What can differ on a PostgreSQL with many connections: promises about safety, races, and the rooms that
 * write SQL of their own. `npm run test:all` runs everything that touches a database there.
 */
const everything = ["test/server/**/*.test.ts", "test/journeys/**/*.test.ts"];
const whatCanDiffer = [
  "test/**/*.security.test.ts",
  postgresOnly,
  "test/server/{access,agent-users,audit,database,handles,hosts,inbox,people,vault,workflow}/**/*.test.ts",
];

/** Rooms that know no database: the same on any. */
const databaseFree = [
  "test/plugin/**",
  "test/server/{mail,model,redaction,totp}/**",
  "test/server/inbox/reading/**",
  "test/server/nodes/read-qr-image*",
  "test/server/settings.test.ts",
];

/** Seconds of scrypt around statements that the tests of its neighbours run on PostgreSQL. */
const mostlyHashes = process.env.TOTEM_TEST_ALL ? [] : ["test/server/people/password.security.test.ts"];

/**
 * One suite, two databases. Without DATABASE_URL everything runs on PGlite in memory, and the browser
 * journeys after it; with it, what can differ runs again on that PostgreSQL.
 */
const projects = process.env.DATABASE_URL
  ? [
      {
        extends: true as const,
        test: {
          name: "postgres",
          include: process.env.TOTEM_TEST_ALL ? everything : whatCanDiffer,
          exclude: [...configDefaults.exclude, browser, pgliteOnly, ...databaseFree, ...mostlyHashes],
        },
      },
    ]
  : [
      {
        extends: true as const,
        test: {
          name: "pglite",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: [...configDefaults.exclude, browser, postgresOnly],
        },
      },
      {
        extends: true as const,
        // A browser and a server per file, after the others. What is looked for may take a moment on a busy machine.
        test: {
          name: "browser",
          include: [browser],
          expect: { poll: { timeout: 10_000 } },
          sequence: { groupOrder: 1 },
        },
      },
    ];

export default defineConfig({
  // Not installed: see what stands in for it. Only n8n's own checks run with the real one.
  resolve: { alias: { "n8n-workflow": new URL("test/support/n8n-workflow.ts", import.meta.url).pathname } },
  test: {
    projects,
    // Each worker holds a PostgreSQL in memory. Many machines that run this have two cores, and tests wait a lot.
    setupFiles: ["test/support/before-each-file.ts"],
    pool: "forks",
    // A worker compiles what it runs once, not once a file: a third of the time. Files keep no state in modules.
    isolate: false,
    maxWorkers: 3,
    // Several start processes of their own, one after the other, and two cores may be busy: a guard against hanging.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
