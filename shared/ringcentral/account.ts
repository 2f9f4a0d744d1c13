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
  regionalSettings: z.nullish(z.object({ timezone: z.nullish(z.object({ name: z.nullish(z.string()) })) })),
});
const Retention = z.object({
  retentionPeriod: z.nullish(z.number()),
  maxNumberLimit: z.nullish(z.number()),
});
const CallRecordingSettings = z.object({
  automatic: z.nullish(Retention),
  onDemand: z.nullish(Retention),
});

/** The fields that are read of both answers, as RingCentral may give them. */
export type AccountAnswer = z.input<typeof Account>;
export type CallRecordingSettingsAnswer = z.input<typeof CallRecordingSettings>;

/** The company account: what the archive needs to know of it. */
export interface Account {
  readonly id: string;
  /** IANA name, or undefined where RingCentral does not say. */
  readonly timeZone: string | undefined;
}

/** How long, and how many, recordings RingCentral keeps. */
export interface RecordingRetention {
  readonly days: number;
  readonly maxCount: number;
  /** True where RingCentral does not say for how long: the documented default stands for it. */
  readonly assumed: boolean;
}

/** RingCentral's defaults (guide: call recordings). */
const defaultDays = 90;
const defaultMaxCount = 100_000;

/** GET …/account/~ */
export async function readAccount(client: Client): Promise<Account> {
  const account = await read(client, "/restapi/v1.0/account/~", Account);
  return { id: account.id, timeZone: account.regionalSettings?.timezone?.name ?? undefined };
}

/** GET …/account/~/call-recording; the shorter of both retention periods holds for all. */
export async function readRecordingRetention(client: Client): Promise<RecordingRetention> {
  const path = "/restapi/v1.0/account/~/call-recording";
  const { automatic, onDemand } = await read(client, path, CallRecordingSettings).catch(unlessWithheld);
  const days = [automatic?.retentionPeriod, onDemand?.retentionPeriod].filter((each) => typeof each === "number");
  const assumed = days.length === 0;
  const maxCount = automatic?.maxNumberLimit ?? defaultMaxCount;
  return { days: assumed ? defaultDays : Math.min(...days), maxCount, assumed };
}

/** No settings where RingCentral shows none: they only help to plan, so no run should fail for want of them. */
function unlessWithheld(error: unknown): z.infer<typeof CallRecordingSettings> {
  if (error instanceof JobError && (error.code === "API_REFUSED" || error.code === "API_NOT_FOUND")) return {};
  throw error;
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
