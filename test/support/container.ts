import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { createDirectS3, createDirectSecrets } from "../../lab/aws/direct-clients.ts";
import type { SdkHandler, SdkRequest, SdkResponse } from "../../lab/aws/sdk-handler.ts";
import { createBucket } from "../../shared/aws/bucket.ts";
import { readPublicKeyPem } from "../../shared/aws/public-key.ts";
import { ownChecksums, readAsStored } from "../../shared/aws/s3-checksums.ts";
import { createSigner } from "../../shared/aws/signer.ts";
import { createTopic } from "../../shared/aws/topic.ts";
import type { Engine } from "../../shared/runtime/engine.ts";
import type { Log } from "../../shared/runtime/log.ts";
import type { MetricsSink } from "../../shared/runtime/metrics.ts";
import type { Outside } from "../../shared/wiring/outside.ts";
import { noteContainerDeath } from "./container-deaths.ts";
import { Killed } from "./runtime/in-memory-engine.ts";

/** A request that a container sends. */
export interface ContainerRequest {
  readonly to: "aws" | "ringcentral";
  /** The SDK's name of the operation, such as `PutObject`; for RingCentral the method. */
  readonly operation: string;
  /** `bucket/key` without its query, or a secret's service; of RingCentral path and query. */
  readonly target: string;
  /** True if it changes anything in AWS, or is sent to RingCentral. */
  readonly counts: boolean;
}

export type Moment = "before" | "after";

/** Result of a request. */
export interface ContainerResponse {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
}

/** Is notified of every request: when it is sent, carried out, and answered. */
export type OnRequest = (
  request: ContainerRequest,
  stage: "sent" | "carried-out" | "answered",
  response?: ContainerResponse,
) => void;

/** What happens to a container and its requests, decided by the requests. */
export interface ContainerFate {
  /** Time of a request there and back, in ms. @default 0 */
  readonly latencyMs?: (request: ContainerRequest) => { readonly outboundMs: number; readonly inboundMs: number };
  /** True if the container dies before it sends the request, or after the request took effect. @default never */
  readonly dies?: (request: ContainerRequest, when: Moment) => boolean;
  /** Delay in ms of a request that is on its way when its container dies; undefined if it is lost. @default lost */
  readonly lateMs?: (request: ContainerRequest) => number | undefined;
}

export interface ContainerOptions extends ContainerFate {
  readonly aws: SdkHandler;
  /** True if the SDK's own clients are used, which are much slower. @default false */
  readonly sdk?: boolean;
  readonly fetch: typeof fetch;
  /** Error of the machine's clock in ms. @default 0 */
  readonly clockErrorMs?: number;
  readonly log: Log;
  readonly metrics: MetricsSink;
  readonly onRequest?: OnRequest;
}

/** One Lambda sandbox. All requests of its code pass here, and none once it is dead. */
export interface Container {
  readonly outside: Outside;
  /** The engine for this container. A step in which it dies never ends. */
  readonly engine: (engine: Engine) => Engine;
  readonly isDead: () => boolean;
  readonly kill: () => void;
}

export function createContainer(options: ContainerOptions): Container {
  const { onRequest = () => {}, dies = () => false, lateMs = () => undefined, clockErrorMs = 0 } = options;
  const { promise: death, reject } = Promise.withResolvers<never>();
  death.catch(() => undefined);
  let dead = false;
  const kill = () => {
    dead = true;
    noteContainerDeath();
    reject(new Killed());
  };
  const expectAlive = () => {
    if (dead) throw new Killed();
  };
  const mayDie = (request: ContainerRequest, when: Moment) => {
    if (!dead && dies(request, when)) kill();
  };

  const carry = async <T extends RawContainerResponse>(
    request: ContainerRequest,
    perform: () => Promise<T>,
  ): Promise<T> => {
    const { outboundMs = 0, inboundMs = 0 } = options.latencyMs?.(request) ?? {};
    if (outboundMs > 0) await sleep(outboundMs);
    if (dead) {
      const late = lateMs(request);
      if (late === undefined) throw new Killed();
      await sleep(late);
    }
    const result = await perform();
    onRequest(request, "carried-out", toContainerResponse(result));
    mayDie(request, "after");
    if (inboundMs > 0) await sleep(inboundMs);
    return result;
  };

  const send = async <T extends RawContainerResponse>(
    request: ContainerRequest,
    perform: () => Promise<T>,
  ): Promise<T> => {
    expectAlive();
    mayDie(request, "before");
    expectAlive();
    onRequest(request, "sent");
    const result = await Promise.race([carry(request, perform), death]);
    expectAlive();
    onRequest(request, "answered", toContainerResponse(result));
    return result;
  };

  const requestHandler: SdkHandler = {
    handle: (request, sdkOptions) => send(awsRequest(request), () => options.aws.handle(request, sdkOptions)),
  };
  const sdk = { region: "us-east-1", endpoint: "http://127.0.0.1", credentials, requestHandler };
  const sayWhileAlive =
    <Facts extends readonly unknown[]>(say: (...facts: Facts) => void) =>
    (...facts: Facts): void => {
      if (!dead) say(...facts);
    };
  const { info, warn, error } = options.log;
  const log = { info: sayWhileAlive(info), warn: sayWhileAlive(warn), error: sayWhileAlive(error) };
  const { add, set, publish } = options.metrics;
  const metrics = { add: sayWhileAlive(add), set: sayWhileAlive(set), publish: sayWhileAlive(publish) };

  return {
    kill,
    isDead: () => dead,
    outside: {
      fetch: (input, init) => send(apiRequest(String(input), init), () => options.fetch(input, init)),
      sleep: async (ms) => {
        expectAlive();
        await Promise.race([sleep(ms), death]);
      },
      nonce: randomUUID,
      machineNow: () => Date.now() + clockErrorMs,
      s3: () => (options.sdk ? new S3Client({ ...sdk, ...ownChecksums }) : createDirectS3(requestHandler)),
      s3AsStored: () => (options.sdk ? new S3Client({ ...sdk, ...readAsStored }) : createDirectS3(requestHandler)),
      bucket: createBucket,
      secrets: () => (options.sdk ? new SecretsManagerClient(sdk) : createDirectSecrets(requestHandler)),
      signer: (keyArn) => createSigner(new KMSClient(sdk), keyArn),
      publicKey: (keyArn) => readPublicKeyPem(new KMSClient(sdk), keyArn),
      topic: (arn) => createTopic(new SNSClient(sdk), arn),
      log: () => log,
      metrics: () => metrics,
    },
    engine: (engine) => ({
      step: (name, effect) =>
        engine.step(name, async () => {
          const result = await Promise.race([effect(), death]);
          expectAlive();
          return result;
        }),
      wait: async (name, seconds) => {
        expectAlive();
        await engine.wait(name, seconds);
      },
    }),
  };
}

type RawContainerResponse = Response | { readonly response: SdkResponse };

function toContainerResponse(answered: RawContainerResponse): ContainerResponse {
  if (answered instanceof Response) {
    return { status: answered.status, header: (name) => answered.headers.get(name) ?? undefined };
  }
  const { statusCode, headers } = answered.response;
  return { status: statusCode, header: (name) => headers[name] };
}

const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };

function apiRequest(url: string, { method = "GET" }: RequestInit = {}): ContainerRequest {
  const { pathname, search } = new URL(url);
  return { to: "ringcentral", operation: method, target: `${pathname}${search}`, counts: true };
}

const objectOperations: Readonly<Record<string, string>> = {
  GET: "GetObject",
  HEAD: "HeadObject",
  PUT: "PutObject",
};

function awsRequest({ method, path, query = {}, headers }: SdkRequest): ContainerRequest {
  const target = decodeURIComponent(path.slice(1));
  const awsOperation = headers["x-amz-target"]?.split(".").at(-1);
  const operation = awsOperation ?? ("list-type" in query ? "ListObjectsV2" : (objectOperations[method] ?? method));
  const listed = typeof query.prefix === "string" ? `/${query.prefix}` : "";
  return { to: "aws", operation, target: `${target}${listed}`, counts: operation === "PutObject" };
}
