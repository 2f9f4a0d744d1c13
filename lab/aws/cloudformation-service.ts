import { createHash } from "node:crypto";
import type { Authenticate } from "./authenticate.ts";
import { AwsError } from "./aws-error.ts";
import type { Service, WireRequest } from "./wire.ts";
import { xmlDocument } from "./xml.ts";

/** Outputs by the name of their stack. */
export type Stacks = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface CloudFormationService extends Service {
  readonly isFor: (request: WireRequest) => boolean;
}

const namespace = "http://cloudformation.amazonaws.com/doc/2010-05-15/";
const contentType = { "content-type": "text/xml" };

/** Creates CloudFormation, which speaks the Query protocol. It describes one stack by its name. */
export function createCloudFormationService(
  stacks: Stacks,
  { authenticate, createdMs }: { readonly authenticate: Authenticate; readonly createdMs: number },
): CloudFormationService {
  return {
    isFor: ({ headers }) => headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true,
    open: async (incoming) => {
      const body = await readBody(incoming);
      const form = new URLSearchParams(body.toString());
      const [operation, stack] = [form.get("Action") ?? "", form.get("StackName") ?? ""];
      return {
        call: { operation, key: stack },
        perform: async () => {
          authenticate("cloudformation", { ...incoming, payloadHash: createHash("sha256").update(body).digest("hex") });
          if (operation !== "DescribeStacks")
            throw new AwsError(400, "InvalidAction", `The lab does not know ${operation}`);
          return { status: 200, headers: contentType, body: describeStack(stacks, stack, createdMs) };
        },
      };
    },
    refusal: ({ code, message }, requestId) => ({
      headers: contentType,
      body: xmlDocument(
        "ErrorResponse",
        { Error: { Type: "Sender", Code: code, Message: message }, RequestId: requestId },
        namespace,
      ),
    }),
    headers: (requestId) => ({ "x-amzn-requestid": requestId }),
  };
}

/** API reference, DescribeStacks: "If the stack doesn't exist, a ValidationError is returned." */
function describeStack(stacks: Stacks, name: string, createdMs: number): string {
  const outputs = stacks[name];
  if (!outputs) throw new AwsError(400, "ValidationError", `Stack with id ${name} does not exist`);
  const member = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
  const stack = {
    StackName: name,
    StackStatus: "CREATE_COMPLETE",
    CreationTime: new Date(createdMs).toISOString(),
    Outputs: { member },
  };
  return xmlDocument("DescribeStacksResponse", { DescribeStacksResult: { Stacks: { member: stack } } }, namespace);
}

async function readBody({ body }: WireRequest): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}
