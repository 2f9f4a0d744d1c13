import type { JobName } from "../../shared/jobs.ts";
import type { RunStatus } from "../../shared/runtime/job.ts";
import type { ContainerRequest, ContainerResponse } from "../support/container.ts";
import type { MetricLine } from "../support/metric-lines.ts";

/** One request to RingCentral. */
export interface ApiRequestRecord {
  readonly sentAtMs: number;
  readonly target: string;
  /** Undefined before a response has come. */
  status: number | undefined;
}

/** Requests, writes and end of a run. */
export interface RunRecord {
  readonly stack: string;
  readonly job: JobName;
  readonly night: number;
  readonly startMs: number;
  endMs: number;
  status: RunStatus | "endless";
  code: string | undefined;
  readonly requests: ApiRequestRecord[];
  readonly loginsAtMs: number[];
  /** `bucket/key` of the stored objects. */
  readonly written: string[];
  /** The same for the container in which it ended. A later run may have to find what earlier containers stored. */
  writtenInTheEnd: string[];
  /** Containers that died. */
  kills: number;
  readonly steps: string[];
  /** Data published to CloudWatch about it. */
  metricLines: readonly MetricLine[];
}

export function isLogin(target: string): boolean {
  return target.startsWith("/restapi/oauth/token");
}

/** Returns the day that a request lists, or the recording that it fetches. A page of one record is a control. */
export function itemOf(target: string): { readonly day?: string; readonly recordingId?: string } {
  const from = /[?&]dateFrom=([^&]+)/.exec(target)?.[1];
  const isControl = /perPage=1(&|$)/.test(target) && !/[?&]page=/.test(target);
  if (target.includes("/call-log") && from && !isControl) return { day: decodeURIComponent(from).slice(0, 10) };
  const recordingId = /\/recording\/([^/]+)\/content/.exec(target)?.[1];
  return recordingId === undefined ? {} : { recordingId };
}

/** Returns RingCentral's rate group of a request, for the requests of the jobs. */
export function groupOf(target: string): "auth" | "heavy" | "light" {
  if (target.startsWith("/restapi/oauth/")) return "auth";
  return target.includes("/call-log") || target.includes("/recording/") ? "heavy" : "light";
}

/** Records the requests of a run; RingCentral's are kept one by one. */
export function createRequestNotes(run: RunRecord) {
  const sent = new Map<ContainerRequest, ApiRequestRecord>();
  return (
    request: ContainerRequest,
    stage: "sent" | "carried-out" | "answered",
    response?: ContainerResponse,
  ): void => {
    const { to, operation, target } = request;
    if (to === "aws") {
      if (stage !== "carried-out" || operation !== "PutObject" || response?.status !== 200) return;
      run.written.push(target);
      run.writtenInTheEnd.push(target);
      return;
    }
    if (stage === "sent") {
      if (isLogin(target)) run.loginsAtMs.push(Date.now());
      const record: ApiRequestRecord = { sentAtMs: Date.now(), target, status: undefined };
      sent.set(request, record);
      if (!isLogin(target)) run.requests.push(record);
    }
    const record = sent.get(request);
    if (stage === "answered" && record) record.status = response?.status;
  };
}
