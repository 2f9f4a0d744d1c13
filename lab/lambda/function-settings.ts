/** A bundle to deploy, with its settings. */
export interface FunctionSettings {
  readonly name: string;
  /** Folder of the bundle. */
  readonly dir: string;
  /** `"<file>.<export>"`, the file an `.mjs` in `dir`. @default "index.handler" */
  readonly handler?: string;
  /** @default "live" */
  readonly alias?: string;
  /** @default 256 */
  readonly memoryMb?: number;
  /** @default 900_000 */
  readonly timeoutMs?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Makes it a durable function. */
  readonly durable?: { readonly executionTimeoutSeconds: number };
  /** Error of the clock of this function's containers in ms. @default 0 */
  readonly clockErrorMs?: number;
  /** Size of a container's /tmp in bytes; 0 is full. @default no limit, unlike Lambda's 512 MB */
  readonly ephemeralStorageBytes?: number;
}

type Optional = "durable" | "ephemeralStorageBytes";

/** A published version of a function, which a running execution keeps. */
export interface FunctionVersion extends Required<Omit<FunctionSettings, Optional>>, Pick<FunctionSettings, Optional> {
  readonly version: string;
  /** Unqualified. */
  readonly arn: string;
}

/** Fills in the defaults. */
export function publish(settings: FunctionSettings, version: number): FunctionVersion {
  return {
    handler: "index.handler",
    alias: "live",
    memoryMb: 256,
    timeoutMs: 900_000,
    environment: {},
    clockErrorMs: 0,
    ...settings,
    version: String(version),
    arn: `arn:aws:lambda:us-east-1:000000000000:function:${settings.name}`,
  };
}
