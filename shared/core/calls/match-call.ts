import { type CallRecord, callAndLegs } from "./call-record.ts";

/** Search conditions; a call must match all that are given. */
export interface CallQuery {
  /** Id of the call record. */
  readonly record?: string | undefined;
  /** Session id or telephony session id. */
  readonly session?: string | undefined;
  readonly recording?: string | undefined;
  /** Phone number in any notation; without country code at least 7 digits. */
  readonly number?: string | undefined;
  /** Number or id of an extension on the call. */
  readonly extension?: string | undefined;
}

const minDigits = 7;

/** True if the record or one of its legs matches each condition of `query`. */
export function matchesCall({ fields }: CallRecord, query: CallQuery): boolean {
  const { record, session, recording, number, extension } = query;
  const callOrLegs = callAndLegs(fields);
  const parties = callOrLegs.flatMap(({ from, to }) => [from, to]);
  const hasExtension = (wanted: string) =>
    parties.some((party) => party.extensionNumber === wanted || party.extensionId === wanted) ||
    callOrLegs.some((each) => each.extension.id === wanted);
  return (
    (record === undefined || fields.id === record) &&
    (session === undefined ||
      fields.sessionId === session ||
      callOrLegs.some((each) => each.telephonySessionId === session)) &&
    (recording === undefined || callOrLegs.some((each) => each.recording?.id === recording)) &&
    (number === undefined || parties.some((party) => isSameNumber(party.phoneNumber ?? "", number))) &&
    (extension === undefined || hasExtension(extension))
  );
}

/**
 * `+1 (650) 555-0100`, `16505550100` and `6505550100` are the same number, as are `+49 (0)221 …`, `0049 221 …` and
 * `0221 …`.
 */
function isSameNumber(stored: string, wanted: string): boolean {
  const digits = digitsOf(stored);
  const spellings = [digitsOf(wanted), digitsOf(wanted.replace("(0)", "")).replace(/^0+/, "")];
  return spellings.some((spelling) => {
    const isLong = spelling.length >= minDigits;
    return spelling.length > 0 && (digits === spelling || (isLong && digits.endsWith(spelling)));
  });
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}
