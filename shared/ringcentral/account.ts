import * as z from "zod/mini";
import { wrongFields } from "../core/zod-issues.ts";
import { JobError } from "../errors.ts";
import { answerJson } from "./answer-json.ts";
import type { Client } from "./client.ts";

const Id = z.pipe(
  z.union([z.string(), z.number()]),
  z.transform((id) => String(id)),
);
const Account = z.object({
  id: Id,
  regionalSettings: z.optional(z.object({ timezone: z.optional(z.object({ name: z.optional(z.string()) })) })),
});
const Retention = z.object({
  retentionPeriod: z.optional(z.number()),
  maxNumberLimit: z.optional(z.number()),
});
const CallRecordingSettings = z.object({
  automatic: z.optional(Retention),
  onDemand: z.optional(Retention),
});

/** The company account: what the archive needs to know of it. */
export interface Account {
  readonly id: string;
  /** IANA name, or undefined where RingCentral does not say. */
  readonly timeZone: string | undefined;
}

/** How long, and how many, recordings RingCentral keeps (guide: call recordings; defaults 90 days, 100,000). */
export interface RecordingRetention {
  readonly days: number;
  readonly maxCount: number;
}

/** GET …/account/~ */
export async function readAccount(client: Client): Promise<Account> {
  const account = await read(client, "/restapi/v1.0/account/~", Account);
  return { id: account.id, timeZone: account.regionalSettings?.timezone?.name };
}

/** GET …/account/~/call-recording; the shorter of both retention periods holds for all. */
export async function readRecordingRetention(client: Client): Promise<RecordingRetention> {
  const { automatic, onDemand } = await read(client, "/restapi/v1.0/account/~/call-recording", CallRecordingSettings);
  const days = [automatic?.retentionPeriod, onDemand?.retentionPeriod].filter((each) => each !== undefined);
  return { days: days.length > 0 ? Math.min(...days) : 90, maxCount: automatic?.maxNumberLimit ?? 100_000 };
}

async function read<T>(client: Client, path: string, schema: z.ZodMiniType<T>): Promise<T> {
  const parsed = schema.safeParse(answerJson(await client.getText(path, { group: "light" })));
  if (parsed.success) return parsed.data;
  throw new JobError(
    "API_UNEXPECTED",
    `GET ${path} has another form than documented: ${wrongFields(parsed.error.issues)}`,
    {
      todo: "Open an issue with this message.",
    },
  );
}
