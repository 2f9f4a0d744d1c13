import * as z from "zod/mini";
import type { Topic } from "../../aws/topic.ts";
import { Env } from "../../contract.ts";
import { parseConfig } from "../../runtime/config.ts";
import { StorageEnvironment } from "../../wiring/environment.ts";
import { lazyServices } from "../../wiring/lazy-services.ts";
import { openStorage, type StorageServices } from "../../wiring/storage-services.ts";

const StatusEnvironment = z.extend(StorageEnvironment, {
  [Env.stackName]: z.optional(z.string()),
  [Env.noteTopics]: z.optional(z.string()),
  [Env.buildsPages]: z.optional(z.string()),
});

/** Services for reporting the status. */
export interface StatusServices extends StorageServices {
  readonly stack: string;
  /** True if a job builds pages. */
  readonly buildsPages: boolean;
  /** Topics that get the morning note. */
  readonly topics: readonly Topic[];
}

/** Opens the services of `report-status`. */
export const statusServices = lazyServices<StatusServices>("report-status", (environment, options) => {
  const config = parseConfig(StatusEnvironment, environment);
  const openSlice = openStorage(config, options);
  const topics = (config[Env.noteTopics] ?? "").split(",").filter(Boolean).map(options.outside.topic);
  const buildsPages = config[Env.buildsPages] === "true";
  return (run) => ({ ...openSlice(run), stack: config[Env.stackName] ?? "none", buildsPages, topics });
});
