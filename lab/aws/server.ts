import { createClock, type LabClock } from "../clock.ts";
import { createObservers, type ObserveOptions, type Observer } from "../observers.ts";
import { type Authenticate, createAuthenticate, letIn } from "./authenticate.ts";
import { createCloudFormationService, type Stacks } from "./cloudformation-service.ts";
import { type AwsCounters, createCounting } from "./counters.ts";
import { type ExchangeWorld, handleRequest } from "./exchange.ts";
import { type AwsFault, createFaultPlan } from "./faults.ts";
import { listen } from "./http-server.ts";
import { createKmsService } from "./kms-service.ts";
import { createLogsService, type ReadLog } from "./logs-service.ts";
import { copyObjectStore, createObjectStore, type ObjectStore, openObjectStore } from "./object-store.ts";
import { createRights, type Rights } from "./rights.ts";
import { createS3Service } from "./s3-service.ts";
import { createSchedulerService, type LabSchedule } from "./scheduler-service.ts";
import { createSdkHandler, type HandleRequest, type SdkHandler } from "./sdk-handler.ts";
import { createSecretStore, type SecretStore } from "./secret-store.ts";
import { createSecretsService } from "./secrets-service.ts";
import { sendResponse } from "./send-response.ts";
import { createSigningKeys } from "./signing-keys.ts";
import type { Credentials } from "./sigv4.ts";
import { createSnsService, type LabSubscription, type PublishedMessage } from "./sns-service.ts";
import {
  alterStoredObject,
  describeStoredObject,
  type ListedObject,
  listStoredObjects,
  readStoredObject,
} from "./stored-objects.ts";
import { type AwsCall, httpRequest, type WireRequest } from "./wire.ts";

export interface AwsOptions {
  /** Buckets that exist already, a copy of another lab's. @default none */
  readonly store?: ObjectStore;
  readonly buckets: Readonly<Record<string, { readonly versioned?: boolean; readonly kms?: boolean }>>;
  readonly clock?: LabClock;
  /** Secret strings by name; `undefined` is a secret that has no value yet. */
  readonly secrets?: Readonly<Record<string, string | undefined>>;
  /** Outputs by the name of their stack. @default no stacks */
  readonly stacks?: Stacks;
  /** Reads a log group of CloudWatch Logs. @default there is none */
  readonly readLog?: ReadLog;
  /** ARNs of the SNS topics. @default none */
  readonly topics?: readonly string[];
  /** Who gets the e-mails of the topics. @default nobody */
  readonly subscriptions?: readonly LabSubscription[];
  /** Schedules of EventBridge Scheduler. @default none */
  readonly schedules?: readonly LabSchedule[];
  /** Names of KMS keys that sign. @default none */
  readonly signingKeys?: readonly string[];
  /** @default lab and lab */
  readonly credentials?: Credentials;
  /** Whether a request dated too far from the lab's clock is refused. @default true */
  readonly checkSkew?: boolean;
}

export interface ServerOptions extends AwsOptions {
  /** A folder: each bucket is a folder in it, each object a file that users can open. @default in memory */
  readonly dir?: string;
  /** @default a free one */
  readonly port?: number;
}

/** The lab's controls, the same over HTTP and in process. */
export interface AwsLab {
  plan(fault: AwsFault): void;
  clearFaults(): void;
  counters(): AwsCounters;
  setObserver(observer: Observer<AwsCall> | undefined, options?: ObserveOptions): void;
  /** Sets the S3 permissions of all callers from now on. @default everything */
  setRights(rights: Rights | undefined): void;
  putSecret(name: string, value: string): void;
  /** What the SNS topics have received, oldest first. */
  messages(): readonly PublishedMessage[];
  /** Creates a bucket besides the initial ones. */
  addBuckets(buckets: AwsOptions["buckets"]): Promise<void>;
  /** The current objects in S3's order. */
  objects(bucket: string): AsyncIterable<ListedObject>;
  describe(bucket: string, key: string): ListedObject | undefined;
  read(bucket: string, key: string): Promise<Buffer>;
  /** Changes the bytes of an object beneath S3, as a failing disk does. */
  alterBytes(bucket: string, key: string, change: (bytes: Buffer) => Buffer): Promise<void>;
  /** Copies every bucket into memory, for another lab. */
  copyStore(): Promise<ObjectStore>;
}

export interface Aws extends AwsLab {
  /** The endpoint of all services, an IP address, so that the SDK puts the bucket into the path. */
  readonly url: string;
  /** `requestHandler` for clients in this process, which need no socket. */
  readonly requestHandler: SdkHandler;
  /** `requestHandler` for clients in this process that do not sign. */
  readonly unsignedHandler: SdkHandler;
  stop(): Promise<void>;
}

/** The same lab without a socket. */
export interface AwsInProcess extends AwsLab {
  /** `requestHandler` for the SDK's clients, with any IP address as `endpoint` and the lab's credentials. */
  readonly requestHandler: SdkHandler;
  /** `requestHandler` for clients that do not sign. */
  readonly unsignedHandler: SdkHandler;
}

/** Starts S3 and the other services for the unmodified AWS SDK, over one folder or in memory. */
export async function startAws(options: ServerOptions): Promise<Aws> {
  const { dir, store: given = createObjectStore() } = options;
  const store = dir === undefined ? given : await openObjectStore(dir);
  const { handle, handleUnsigned, lab } = await createAws(options, store);
  const { url, stop } = await listen(options.port ?? 0, async (request, response) => {
    const content = await handle(httpRequest(request, response));
    if (content) await sendResponse(request, response, content);
    else request.socket.destroy();
  });
  const handlers = { requestHandler: createSdkHandler(handle), unsignedHandler: createSdkHandler(handleUnsigned) };
  return { ...lab, url, ...handlers, stop };
}

/** Creates the same services in memory and in this process. */
export async function openAws(options: AwsOptions): Promise<AwsInProcess> {
  const { handle, handleUnsigned, lab } = await createAws(options, options.store ?? createObjectStore());
  return { ...lab, requestHandler: createSdkHandler(handle), unsignedHandler: createSdkHandler(handleUnsigned) };
}

interface CreatedAws {
  readonly handle: HandleRequest;
  readonly handleUnsigned: HandleRequest;
  readonly lab: AwsLab;
}

async function createAws(options: AwsOptions, store: ObjectStore): Promise<CreatedAws> {
  const { clock = createClock(), credentials = { accessKeyId: "lab", secretAccessKey: "lab" } } = options;
  await prepareBuckets(store, options.buckets, clock);
  const secrets = createSecretStore(clock);
  for (const [name, value] of Object.entries(options.secrets ?? {})) putSecret(secrets, name, value);

  const authenticate = createAuthenticate({ credentials, clock, checkSkew: options.checkSkew ?? true });
  const signingKeys = await createSigningKeys(options.signingKeys ?? []);
  const faults = createFaultPlan();
  const rights = createRights();
  const counting = createCounting();
  const published: PublishedMessage[] = [];
  const observers = createObservers<AwsCall>();
  const world: ExchangeWorld = { clock, faults, counting, observers };
  const handleWith = (authenticate: Authenticate) => {
    const s3 = createS3Service({ store, clock }, authenticate, rights);
    const others = [
      createSecretsService(secrets, authenticate),
      createKmsService(signingKeys, authenticate),
      createLogsService(options.readLog ?? (() => undefined), authenticate),
      createCloudFormationService(options.stacks ?? {}, { authenticate, createdMs: clock.now() }),
      createSnsService(options.topics ?? [], { authenticate, published, subscriptions: options.subscriptions ?? [] }),
      createSchedulerService(options.schedules ?? [], authenticate),
    ];
    return (request: WireRequest) => handleRequest(request, others.find((other) => other.isFor(request)) ?? s3, world);
  };
  const lab: AwsLab = {
    plan: faults.add,
    clearFaults: faults.clear,
    counters: counting.read,
    setObserver: observers.set,
    setRights: rights.set,
    putSecret: (name, value) => putSecret(secrets, name, value),
    messages: () => published,
    addBuckets: (buckets) => prepareBuckets(store, buckets, clock),
    objects: (bucket) => listStoredObjects(store.bucket(bucket)),
    describe: (bucket, key) => describeStoredObject(store.bucket(bucket), key),
    read: (bucket, key) => readStoredObject(store.bucket(bucket), key),
    alterBytes: (bucket, key, change) => alterStoredObject(store.bucket(bucket), key, change),
    copyStore: () => copyObjectStore(store),
  };
  return { handle: handleWith(authenticate), handleUnsigned: handleWith(letIn), lab };
}

async function prepareBuckets(store: ObjectStore, buckets: AwsOptions["buckets"], clock: LabClock): Promise<void> {
  for (const [name, { versioned, kms }] of Object.entries(buckets)) {
    const bucket = store.has(name) ? store.bucket(name) : await store.create(name, clock.now());
    if (versioned) await bucket.setVersioning("Enabled");
    if (kms) await bucket.setEncryption("aws:kms");
  }
}

function putSecret(secrets: SecretStore, name: string, value: string | undefined): void {
  const secret = secrets.find(name) ?? secrets.create(name);
  if (value !== undefined) secrets.addVersion(secret, { value: { SecretString: value } });
}
