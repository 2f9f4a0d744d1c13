import { type CallRecord, callAndLegs } from "./call-record.ts";

/** What a call is looked for by; every condition given has to hold. */
export interface CallQuery {
  /** Id of the call record. */
  readonly record?: string | undefined;
  /** Session id, or telephony session id. */
  readonly session?: string | undefined;
  readonly recording?: string | undefined;
  /** A phone number as a person writes it; without its country code at least seven digits. */
  readonly number?: string | undefined;
  /** Number or id of an extension that took part. */
  readonly extension?: string | undefined;
}

const fewestDigits = 7;

/** Whether a call is looked for: on the record itself and on each of its legs. */
export function matchesCall({ fields }: CallRecord, query: CallQuery): boolean {
  const { record, session, recording, number, extension } = query;
  const parts = callAndLegs(fields);
  const parties = parts.flatMap(({ from, to }) => [from, to]);
  const isOurs = (wanted: string) =>
    parties.some((party) => party?.extensionNumber === wanted || party?.extensionId === wanted) ||
    parts.some((part) => part.extension?.id !== undefined && String(part.extension.id) === wanted);
  return (
    (record === undefined || fields.id === record) &&
    (session === undefined ||
      fields.sessionId === session ||
      parts.some((part) => part.telephonySessionId === session)) &&
    (recording === undefined || parts.some((part) => part.recording?.id === recording)) &&
    (number === undefined || parties.some((party) => isSameNumber(party?.phoneNumber ?? "", number))) &&
    (extension === undefined || isOurs(extension))
  );
}

/** `+1 (650) 555-0100`, `16505550100` and `6505550100` are one number; so are `+49 (0)221 …`, `0049 221 …` and `0221 …`. */
function isSameNumber(stored: string, wanted: string): boolean {
  const has = digitsOf(stored);
  const spellings = [digitsOf(wanted), digitsOf(wanted.replace("(0)", "")).replace(/^0+/, "")];
  return spellings.some((asked) => {
    const isLong = asked.length >= fewestDigits;
    return asked.length > 0 && (has === asked || (isLong && has.endsWith(asked)));
  });
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}
