import * as z from "zod/mini";
import type { Retention } from "../../core/calls/horizon.ts";
import { fieldErrorText } from "../../core/field-errors.ts";
import { lenient, optional } from "../../core/optional.ts";
import { isTimeZone } from "../../core/time/days.ts";
import { JobError } from "../../errors.ts";
import type { Client } from "../http/client.ts";
import { answerJson } from "../http/response-json.ts";

const Id = z.pipe(
  z.union([z.string().check(z.regex(/^[\w-]{1,64}$/)), z.int()]),
  z.transform((id) => String(id)),
);
/** The name of a zone is logged; what is none may hold anything. */
const TimeZone = lenient(z.string().check(z.refine(isTimeZone)));
const AccountSchema = z.object({
  id: Id,
  regionalSettings: optional(z.object({ timezone: optional(z.object({ name: TimeZone })) })),
});
/** A number that the plan can work with: from 1 to a century's days, or a thousand million recordings. */
const UpTo = (most: number) => lenient(z.int().check(z.minimum(1), z.maximum(most)));
const RetentionSettings = z.object({ retentionPeriod: UpTo(36_500), maxNumberLimit: UpTo(1e9) });
const CallRecordingSettings = z.object({
  automatic: optional(RetentionSettings),
  onDemand: optional(RetentionSettings),
});

/** The fields that are read of both answers, as RingCentral may give them. */
export type AccountAnswer = z.input<typeof AccountSchema>;
export type CallRecordingSettingsAnswer = z.input<typeof CallRecordingSettings>;

/** The company account: what the archive needs to know of it. */
export interface AccountSchema {
  readonly id: string;
  /** IANA name, or undefined where RingCentral does not say. */
  readonly timeZone: string | undefined;
}

/** RingCentral's default (guide: call recordings). */
const defaultDays = 90;

/** GET …/account/~ */
export async function fetchAccount(client: Client): Promise<AccountSchema> {
  const account = await read(client, "/restapi/v1.0/account/~", AccountSchema);
  return { id: account.id, timeZone: account.regionalSettings?.timezone?.name };
}

/** GET …/account/~/call-recording: automatic recordings and those on demand may be kept for different times. */
export async function fetchRecordingRetention(client: Client): Promise<Retention> {
  const path = "/restapi/v1.0/account/~/call-recording";
  const { automatic, onDemand } = await read(client, path, CallRecordingSettings);
  const days = [automatic?.retentionPeriod, onDemand?.retentionPeriod].filter((each) => typeof each === "number");
  return {
    days: days.length === 0 ? undefined : Math.max(...days, ...(days.length < 2 ? [defaultDays] : [])),
    daysToFetch: Math.min(...days, defaultDays),
    maxCount: automatic?.maxNumberLimit,
  };
}

async function read<T>(client: Client, path: string, schema: z.ZodMiniType<T>): Promise<T> {
  const parsed = schema.safeParse(answerJson(await client.sendText(path, { group: "light" })));
  if (parsed.success) return parsed.data;
  throw new JobError(
    "API_BAD_RESPONSE",
    `GET ${path} has another form than documented: ${fieldErrorText(parsed.error.issues)}`,
    {
      hint: "Open an issue with this message.",
    },
  );
}
