import * as z from "zod/mini";
import { hiding } from "../shared/core/given-value.ts";

/** FIFO topics, whose names end with `.fifo`, send no e-mails. https://docs.aws.amazon.com/sns/latest/dg/sns-fifo-topics.html */
const topicArn = /^arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:[\w-]{1,256}$/;

/** True if a recipient is an existing SNS topic, not an e-mail address. */
export function isTopicArn(recipient: string): boolean {
  return topicArn.test(recipient);
}

/** Returns the region of an existing topic; undefined for an e-mail address. */
export function topicRegion(recipient: string): string | undefined {
  return topicArn.exec(recipient)?.[1];
}

const expected = "expected an e-mail address or the ARN of a standard SNS topic";
const Email = z.email();
const Recipient = z
  .string(hiding(expected))
  .check(z.refine((recipient) => isTopicArn(recipient) || Email.safeParse(recipient).success, hiding(expected)));

/** E-mail addresses and topics that get the same messages. */
export const Recipients = z
  .array(Recipient, hiding("expected a list of e-mail addresses and ARNs of SNS topics"))
  .check(
    z.minLength(1, "must list at least one e-mail address or topic"),
    z.refine((all) => new Set(all.map(lowerCase)).size === all.length, "lists an address or a topic twice"),
  );

function lowerCase(text: unknown): string {
  return String(text).toLowerCase();
}
