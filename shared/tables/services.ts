import { parseConfig } from "../runtime/config.ts";
import type { Run } from "../runtime/job.ts";
import { jobTelling } from "../services/job-telling.ts";
import { StorageEnvironment } from "../services/settings.ts";
import { openStorage, type StorageServices } from "../services/storage-services.ts";

/** What the tables' steps work with: S3 and nothing else. */
export type TablesServices = Pick<StorageServices, "archive" | "state" | "metrics" | "log">;

const told = jobTelling("build-tables");
export const tablesTelling = told.telling;

/** Opens the services for a slice. */
export function tablesServices(environment: Readonly<Record<string, string | undefined>>) {
  let open: ((run: Run) => StorageServices) | undefined;
  return async (run: Run): Promise<StorageServices> => {
    open ??= openStorage(parseConfig(StorageEnvironment, environment), told);
    return open(run);
  };
}
