import { type AccessLine, faultLine, okLine, warningLine } from "./access-line.ts";

/** What the check of one permission found. `narrow`: granted, but not for the whole company. `unknown`: no usable answer. */
export type PermissionAnswer = "granted" | "narrow" | "not-granted" | "unknown";

/** One permission of the service user's role, which RingCentral may know by several names. */
export interface NeededPermission {
  readonly names: readonly string[];
  /** Where the Admin Portal has it. */
  readonly role: string;
}

/** Where the Developer Console has the app's scopes. */
const scopesInConsole = "Developer Console → your app → Settings → Security";

/** Returns the line about the scopes of the token that all jobs share. `granted`: those of the token that was issued. */
export function scopesLine(needed: readonly string[], granted: readonly string[]): AccessLine {
  const check = "app scopes";
  const missing = needed.filter((scope) => !granted.includes(scope));
  if (missing.length === 0) return okLine(check, needed.join(", "));
  return faultLine(
    check,
    `RingCentral refused a token with all of ${needed.join(", ")}, and gave one with ${granted.join(", ")}`,
    `${scopesInConsole}: tick all of ${missing.map(labelOf).join(", ")}; RingCentral does not say which is missing.`,
  );
}

/** The Developer Console writes the scope ReadCallLog as Read Call Log. */
function labelOf(scope: string): string {
  return scope.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ");
}

/**
 * Returns the line about one permission. A "no" is a warning, because RingCentral's check is known to deny what its API
 * then serves: a real request decides.
 */
export function permissionLine({ names, role }: NeededPermission, answers: readonly PermissionAnswer[]): AccessLine {
  const check = `permission ${names[0]}`;
  const todo = `Admin Portal → Users → Roles, the service user's role: tick ${role}.`;
  if (answers.includes("granted")) return okLine(check, "granted to the service user");
  if (answers.includes("narrow")) return warningLine(check, "granted for a part of the company only", todo);
  if (answers.includes("not-granted"))
    return warningLine(check, `RingCentral's check says no to ${names.join(", ")}`, todo);
  return warningLine(check, "RingCentral's check gave no answer", `No action if the requests below succeed. ${todo}`);
}
