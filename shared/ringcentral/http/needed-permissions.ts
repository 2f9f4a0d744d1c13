/** Permissions that an endpoint requires. */
export interface NeededPermissions {
  /** App scope, as the API reference spells it. */
  readonly scope: string;
  /**
   * Permission of the service user's role, as the Admin Portal spells it (API reference; Archiver guide: admin roles
   * and permissions).
   */
  readonly role: string;
  /**
   * Names under which RingCentral knows that permission: those of its specification and of its guide. Empty if none is
   * documented. https://developers.ringcentral.com/guide/basics/permissions
   */
  readonly permissions: readonly string[];
}

const recordingPath = /\/recording\//;

const byPath: readonly (readonly [RegExp, NeededPermissions])[] = [
  [
    recordingPath,
    {
      scope: "ReadCallRecording",
      role: "Company Call Log → Access Recordings and Download & Delivery, of the whole company",
      permissions: ["ReadCallRecording", "ReadCompanyCallRecording", "ReadCompanyCallRecordings"],
    },
  ],
  [
    /\/call-log/,
    {
      scope: "ReadCallLog",
      role: "Company Call Log → View Only, of the whole company",
      permissions: ["FullCompanyCallLog", "ReadCompanyCallLog"],
    },
  ],
  [
    /^\/analytics\//,
    {
      scope: "Analytics",
      role: "none that RingCentral documents: try one that may use Analytics",
      permissions: [],
    },
  ],
];
const accountPermissions: NeededPermissions = {
  scope: "ReadAccounts",
  role: "User Management → Users (ReadCompanyInfo)",
  permissions: ["ReadCompanyInfo"],
};

/** True for the path of a recording. */
export function isRecording(path: string): boolean {
  return recordingPath.test(path);
}

/** Returns the permissions of the endpoint at a path; those of the account by default. */
export function neededPermissions(path: string): NeededPermissions {
  return byPath.find(([pattern]) => pattern.test(path))?.[1] ?? accountPermissions;
}

/** Returns the permissions that requests with these app scopes need, where RingCentral documents any. */
export function permissionsOfScopes(scopes: readonly string[]): readonly NeededPermissions[] {
  const all = [accountPermissions, ...byPath.map(([, needed]) => needed)];
  return all.filter(({ scope, permissions }) => scopes.includes(scope) && permissions.length > 0);
}
