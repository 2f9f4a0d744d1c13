// The runtime of a sandbox: plain JavaScript, because stripping types would add 60 ms to every cold start.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runDateAhead } from "./runtime-date.mjs";

// Not imported: an import reads every name that node:http exports, and one of them loads a whole WebSocket client (60 ms).
const { request } = process.getBuiltinModule("node:http");

const env = process.env;
let offsetMs = Number(process.argv[2]);
runDateAhead(() => offsetMs);

let storageBytes = process.argv[3];
if (storageBytes !== undefined) {
  const { limitStorage } = await import("./runtime-storage.mjs");
  await limitStorage(env.TMPDIR, () => Number(storageBytes));
}

// If the lab was itself killed, no process is left to end a handler that hangs.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && process.exit(1), 1_000).unref();

const handler = await loadHandler();
for (;;) await serveOne(handler);

async function loadHandler() {
  const [file, name] = env._HANDLER.split(".");
  try {
    const module = await import(pathToFileURL(join(env.LAMBDA_TASK_ROOT, `${file}.mjs`)).href);
    if (typeof module[name] === "function") return module[name];
    throw Object.assign(new Error(`${env._HANDLER} is undefined or not exported`), { name: "Runtime.HandlerNotFound" });
  } catch (error) {
    await call("POST", "init/error", describe(error));
    process.exit(1);
  }
}

async function serveOne(handle) {
  const { headers, body } = await call("GET", "invocation/next");
  offsetMs = Number(headers["lab-clock-offset-ms"]);
  storageBytes = headers["lab-ephemeral-storage-bytes"];
  env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"];
  const id = headers["lambda-runtime-aws-request-id"];
  const outcome = await run(handle, body, contextOf(headers));
  await call("POST", `invocation/${id}/${outcome.kind}`, outcome.body);
}

async function run(handle, event, context) {
  try {
    const result = await handle(JSON.parse(event), context);
    return { kind: "response", body: JSON.stringify(result) ?? "null" };
  } catch (error) {
    return { kind: "error", body: describe(error) };
  }
}

function contextOf(headers) {
  const deadlineMs = Number(headers["lambda-runtime-deadline-ms"]);
  return {
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

function describe(error) {
  const known = error instanceof Error ? error : new Error(String(error));
  const trace = (known.stack ?? "").split("\n");
  return JSON.stringify({ errorType: known.name, errorMessage: known.message, trace });
}

// Not fetch: it gives up on a quiet connection after five minutes, and a sandbox may wait longer for its next event.
function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const url = `http://${env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/${path}`;
    const outgoing = request(url, { method }, (incoming) => {
      const chunks = [];
      incoming.on("data", (chunk) => chunks.push(chunk));
      incoming.on("end", () => resolve({ headers: incoming.headers, body: Buffer.concat(chunks).toString() }));
      incoming.on("error", reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
