import { defineConfig } from "vitest/config";

/** Tests that leave nothing behind in the modules they import: they share these, which saves a third of their time. */
const sharing = [
  ...["jobs/archive-calls", "jobs/collect-analytics", "core", "ringcentral", "runtime", "storage"].map(
    (folder) => `test/${folder}/**/*.test.ts`,
  ),
  "lab/{aws,cloudwatch,lambda,ringcentral}/**/*.test.ts",
];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    globalSetup: "test/support/fresh-bundles.ts",
    projects: [
      {
        extends: true,
        test: { name: "parts", include: sharing, isolate: false, setupFiles: "test/support/nothing-left.ts" },
      },
      { extends: true, test: { name: "whole", include: ["{lab,test}/**/*.test.ts"], exclude: sharing } },
    ],
  },
});
