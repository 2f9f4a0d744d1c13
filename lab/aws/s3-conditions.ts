import { AwsError } from "./aws-error.ts";
import { currentObject, type History, type StoredObject } from "./object-version.ts";
import { noSuchKey, type S3Call } from "./s3-call.ts";

/** Checks `If-None-Match: *` and `If-Match` of a write (S3 user guide: "conditional writes"). */
export function checkWriteConditions(call: S3Call, history: History): void {
  const current = currentObject(history);
  const ifNoneMatch = call.headers["if-none-match"];
  const ifMatch = call.headers["if-match"];
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== "*") throw notImplemented("If-None-Match");
    if (current) throw preconditionFailed("If-None-Match");
  }
  if (ifMatch !== undefined) {
    if (!current) throw noSuchKey(call);
    if (unquoted(ifMatch) !== current.etag) throw preconditionFailed("If-Match");
  }
}

/** Checks `If-Match` of a delete, which only the current version can meet (S3 user guide: "conditional deletes"). */
export function checkDeleteCondition(key: string, ifMatch: string | undefined, history: History): void {
  if (ifMatch === undefined) return;
  const current = currentObject(history);
  if (!current) throw noSuchKey({ key });
  if (!names(ifMatch, current.etag)) throw preconditionFailed("If-Match");
}

/** Evaluates a read's conditions, by the precedence of RFC 9110 §13.2.2. Throws 412. */
export function readConditions(call: S3Call, object: StoredObject): "changed" | "not-modified" {
  const ifMatch = call.headers["if-match"];
  const ifNoneMatch = call.headers["if-none-match"];
  const unmodifiedSince = readDate(call.headers["if-unmodified-since"]);
  const modifiedSince = readDate(call.headers["if-modified-since"]);
  if (ifMatch !== undefined) {
    if (!names(ifMatch, object.etag)) throw preconditionFailed("If-Match");
  } else if (unmodifiedSince !== undefined && object.lastModifiedMs > unmodifiedSince) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, object.etag) ? "not-modified" : "changed";
  return modifiedSince !== undefined && object.lastModifiedMs <= modifiedSince ? "not-modified" : "changed";
}

export function preconditionFailed(condition: string): AwsError {
  const message = "At least one of the pre-conditions you specified did not hold";
  return new AwsError(412, "PreconditionFailed", message, { details: { Condition: condition } });
}

function notImplemented(header: string): AwsError {
  const message = "A header you provided implies functionality that is not implemented";
  return new AwsError(501, "NotImplemented", message, { details: { Header: header } });
}

function names(list: string, etag: string): boolean {
  return list.split(",").some((item) => item.trim() === "*" || unquoted(item) === etag);
}

function unquoted(etag: string): string {
  return etag.trim().replace(/^(?:W\/)?"?|"$/g, "");
}

/** A date that cannot be read is no condition (RFC 9110 §13.1.3). */
function readDate(value: string | undefined): number | undefined {
  const time = Date.parse(value ?? "");
  return Number.isNaN(time) ? undefined : time;
}
