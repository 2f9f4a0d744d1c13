/** A bundle to deploy, and how. */
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
  /** How wrong the clock of this function's containers is. @default 0 */
  readonly clockErrorMs?: number;
  /** How much the /tmp of a container holds: more cannot be written, 0 is full. @default no limit, unlike Lambda's 512 MB */
  readonly ephemeralStorageBytes?: number;
}

type Optional = "durable" | "ephemeralStorageBytes";

/** A published version of a function: what an execution stays pinned to. */
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
