import * as z from "zod/mini";
import type { RecordingKindSettings, RecordingSettings } from "../../core/access/recording-lines.ts";
import type { Retention } from "../../core/calls/horizon.ts";
import { fieldErrorText } from "../../core/field-errors.ts";
import { TimeZoneField } from "../../core/fields.ts";
import { lenient, optional } from "../../core/optional.ts";
import { JobError } from "../../errors.ts";
import type { Client } from "../http/client.ts";
import { parseResponseJson } from "../http/response-json.ts";

const Id = z.pipe(
  z.union([z.string().check(z.regex(/^[\w-]{1,64}$/)), z.int()]),
  z.transform((id) => String(id)),
);
/** A time zone is logged. Any other text is dropped, because it may contain anything. */
const TimeZone = lenient(TimeZoneField);
const AccountSchema = z.object({
  id: Id,
  regionalSettings: optional(z.object({ timezone: optional(z.object({ name: TimeZone })) })),
});
/** A number from 1 to `max`; anything else counts as absent. */
const UpTo = (max: number) => lenient(z.int().check(z.minimum(1), z.maximum(max)));
const KindSettings = z.object({
  enabled: lenient(z.boolean()),
  retentionPeriod: UpTo(36_500),
  maxNumberLimit: UpTo(1e9),
});
const CallRecordingSettings = z.object({
  automatic: optional(KindSettings),
  onDemand: optional(KindSettings),
});

/** The fields read from both responses, as RingCentral may send them. */
export type AccountInput = z.input<typeof AccountSchema>;
export type CallRecordingSettingsInput = z.input<typeof CallRecordingSettings>;

/** The company's account. */
export interface Account {
  readonly id: string;
  /** IANA name; undefined if RingCentral sends none. */
  readonly timeZone: string | undefined;
}

/** RingCentral's default. https://developers.ringcentral.com/guide/voice/call-log/recordings */
const defaultDays = 90;

/** Sends GET …/account/~. @throws API_BAD_RESPONSE when the response does not match RingCentral's documentation */
export async function fetchAccount(client: Client): Promise<Account> {
  const account = await read(client, "/restapi/v1.0/account/~", AccountSchema);
  return { id: account.id, timeZone: account.regionalSettings?.timezone?.name };
}

/** Sends GET …/account/~/call-recording. @throws API_BAD_RESPONSE */
export async function fetchRecordingSettings(client: Client): Promise<RecordingSettings> {
  const path = "/restapi/v1.0/account/~/call-recording";
  const { automatic, onDemand } = await read(client, path, CallRecordingSettings);
  return { automatic: toKindSettings(automatic), onDemand: toKindSettings(onDemand) };
}

function toKindSettings(kind: z.output<typeof KindSettings> | undefined): RecordingKindSettings {
  return { enabled: kind?.enabled, days: kind?.retentionPeriod, maxCount: kind?.maxNumberLimit };
}

/**
 * Returns the retention by the same settings. Automatic and on-demand recordings may have different retention periods.
 * @throws API_BAD_RESPONSE
 */
export async function fetchRecordingRetention(client: Client): Promise<Retention> {
  const { automatic, onDemand } = await fetchRecordingSettings(client);
  const days = [automatic.days, onDemand.days].filter((each) => typeof each === "number");
  return {
    days: days.length === 0 ? undefined : Math.max(...days, ...(days.length < 2 ? [defaultDays] : [])),
    daysToFetch: Math.min(...days, defaultDays),
    maxCount: automatic.maxCount,
  };
}

async function read<T>(client: Client, path: string, schema: z.ZodMiniType<T>): Promise<T> {
  const parsed = schema.safeParse(parseResponseJson(await client.sendText(path, { group: "light" })));
  if (parsed.success) return parsed.data;
  throw new JobError(
    "API_BAD_RESPONSE",
    `The response to GET ${path} does not match RingCentral's documentation: ${fieldErrorText(parsed.error.issues)}`,
    {
      hint: "Open an issue with this message.",
    },
  );
}
