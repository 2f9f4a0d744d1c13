import { type AccessLine, faultLine, okLine, warningLine } from "./access-line.ts";

/** Result of a request without a login. `failure` is the network's code, as ECONNREFUSED, or the HTTP status. */
export type ServerProbe =
  | { readonly type: "reached"; readonly ms: number }
  | { readonly type: "failed"; readonly failure: string };

/** Returns the line about RingCentral's API server, an origin. */
export function serverLine(server: string, probe: ServerProbe): AccessLine {
  const check = "RingCentral";
  if (probe.type === "reached") return okLine(check, `${server} answered in ${probe.ms} ms`);
  return faultLine(
    check,
    `cannot reach ${server}: ${probe.failure}`,
    "Look at status.ringcentral.com. Check the credential's server, and that firewall and proxy let HTTPS to it pass.",
  );
}

/** The clocks of healthy machines differ by less. */
const usualClockErrorMs = 60_000;

/** Returns the line about the clock of the machine, which is `aheadMs` ahead of S3's (negative: behind). */
export function clockLine(aheadMs: number): AccessLine {
  const check = "clock";
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const seen = `${seconds} s ${aheadMs < 0 ? "behind" : "ahead of"} S3's clock`;
  if (Math.abs(aheadMs) <= usualClockErrorMs) return okLine(check, seconds === 0 ? "as S3's clock" : seen);
  return warningLine(check, seen, "No action: the jobs go by S3's clock. If it stays, tell AWS's support.");
}

/** Returns the line about the time zone of the account's own settings, an IANA name. */
export function timeZoneLine(ringCentral: string | undefined, settings: string): AccessLine {
  const check = "time zone";
  if (ringCentral === undefined) return okLine(check, `${settings} by the settings; RingCentral names none`);
  if (ringCentral === settings) return okLine(check, settings);
  return warningLine(
    check,
    `${settings} by the settings, ${ringCentral} at RingCentral`,
    "No action if that is meant: days are those of the settings. Once days are archived, timeZone cannot change.",
  );
}
