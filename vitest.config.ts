import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The folders whose files take longest, so that no worker is left with one of these when the other has nothing more to do. Those
 * that start processes come first: the larger a worker has grown, the longer each start takes it.
 */
const slowFolders = [
  ...["/lab/demo/", "/lab/lambda/", "/test/history/", "/test/pages/", "/test/cli/", "/test/audit/", "/test/night/"],
  ...["/test/storm/", "/test/jobs/", "/test/runtime/", "/test/infra/"],
];

class SlowFoldersFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification) => {
      const rank = slowFolders.findIndex((folder) => moduleId.includes(folder));
      return rank < 0 ? slowFolders.length : rank;
    };
    return (await super.sort(files)).toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

export default defineConfig({
  test: {
    include: ["{lab,test}/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    sequence: { sequencer: SlowFoldersFirst },
    globalSetup: "test/support/fresh-bundles.ts",
    // Files share the modules that they import: loading those again for each file takes a third of the time.
    isolate: false,
    setupFiles: "test/support/nothing-left.ts",
    // Processes that tests start compile nothing that an earlier one has compiled: that is half of a short one's work.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules/.cache/tests") },
    // Node imports the modules itself: without Vite's wrapping they load and run faster, as they do when deployed.
    experimental: { viteModuleRunner: false, nodeLoader: false },
  },
});
