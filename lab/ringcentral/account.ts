import type { Account } from "./create-account.ts";
import type { Endpoint } from "./endpoint.ts";
import { invalidParameter } from "./errors.ts";
import type { Links } from "./links.ts";
import { mainNumber } from "./people.ts";

const companyInfo = {
  access: "token",
  methods: ["GET"],
  scope: "ReadAccounts",
  permission: "ReadCompanyInfo",
} as const;
const profile = "/restapi/v1.0/account/{account}/extension/~/authz-profile";

/** Guide: API info, readAPIVersions. It needs no token and is not throttled. */
const apiVersions: Endpoint = {
  name: "apiVersions",
  access: "open",
  methods: ["GET"],
  path: "/restapi",
  respond: ({ url }) => ({
    status: 200,
    json: {
      uri: url.href,
      apiVersions: [
        { uri: `${url.href}/v1.0`, versionString: "1.0.60", releaseDate: "2026-08-01T00:00:00Z", uriString: "v1.0" },
      ],
      serverVersion: "26.3.1",
      serverRevision: "lab",
    },
  }),
};

/** The API itself, the account, its recording settings, and what the service user may do. */
export function accountEndpoints(account: Account, links: Links): readonly Endpoint[] {
  return [
    apiVersions,
    {
      ...companyInfo,
      name: "account",
      path: "/restapi/v1.0/account/{account}",
      group: "light",
      respond: () => ({ status: 200, json: accountInfo(account, links) }),
    },
    {
      ...companyInfo,
      name: "callRecordingSettings",
      path: "/restapi/v1.0/account/{account}/call-recording",
      group: "light",
      respond: () => ({ status: 200, json: recordingSettings(account) }),
    },
    {
      name: "authzProfile",
      access: "token",
      methods: ["GET"],
      path: profile,
      group: "medium",
      respond: () => ({
        status: 200,
        json: { uri: links.authzProfile(account.userId), permissions: grants(account) },
      }),
    },
    {
      name: "authzProfileCheck",
      access: "token",
      methods: ["GET"],
      path: `${profile}/check`,
      group: "light",
      respond: ({ url }) => {
        const id = url.searchParams.get("permissionId");
        if (!id) return invalidParameter("permissionId", "");
        const details = grants(account).find(({ permission }) => permission.id === id);
        return { status: 200, json: { uri: url.href, successful: details !== undefined, ...(details && { details }) } };
      },
    },
  ];
}

function accountInfo(account: Account, links: Links): unknown {
  return {
    uri: links.account,
    id: Number(account.id),
    serviceInfo: {
      brand: { id: "1210", name: "RingCentral", homeCountry: { id: "1", name: "United States", isoCode: "US" } },
      servicePlan: { id: "1216", name: "Professional", edition: "Unknown" },
    },
    mainNumber,
    status: "Confirmed",
    regionalSettings: {
      timezone: { id: "58", name: account.reportedTimeZone, description: account.reportedTimeZone },
      homeCountry: { id: "1", name: "United States", isoCode: "US" },
      timeFormat: "12h",
    },
  };
}

function recordingSettings({ recordings }: Account): unknown {
  const { retentionDays, maxNumberLimit } = recordings;
  return {
    onDemand: { enabled: true, retentionPeriod: retentionDays },
    automatic: {
      enabled: true,
      outboundCallTones: false,
      outboundCallAnnouncement: false,
      allowMute: true,
      extensionCount: 40,
      retentionPeriod: retentionDays,
      maxNumberLimit,
    },
    greetings: [],
  };
}

function grants({ permissions }: Account) {
  return permissions.map((id) => ({ permission: { id }, effectiveRole: { id: "1" }, scopes: ["Account"] }));
}
