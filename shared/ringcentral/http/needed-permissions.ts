/** Permissions that an endpoint requires. */
export interface NeededPermissions {
  /** App scope, as the API reference spells it. */
  readonly scope: string;
  /**
   * Permission of the service user's role, as the Admin Portal spells it (API reference; Archiver guide: admin roles
   * and permissions).
   */
  readonly role: string;
}

const recordingPath = /\/recording\//;

const byPath: readonly (readonly [RegExp, NeededPermissions])[] = [
  [
    recordingPath,
    {
      scope: "ReadCallRecording",
      role: "Company Call Log → Access Recordings and Download & Delivery, of the whole company",
    },
  ],
  [/\/call-log/, { scope: "ReadCallLog", role: "Company Call Log → View Only, of the whole company" }],
  [/^\/analytics\//, { scope: "Analytics", role: "none that RingCentral documents: try one that may use Analytics" }],
];
const accountPermissions: NeededPermissions = {
  scope: "ReadAccounts",
  role: "User Management → Users (ReadCompanyInfo)",
};

/** True for the path of a recording. */
export function isRecording(path: string): boolean {
  return recordingPath.test(path);
}

/** Returns the permissions of the endpoint at a path; those of the account by default. */
export function neededPermissions(path: string): NeededPermissions {
  return byPath.find(([pattern]) => pattern.test(path))?.[1] ?? accountPermissions;
}
