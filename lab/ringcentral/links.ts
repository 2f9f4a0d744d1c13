/** URLs that responses contain. */
export interface Links {
  readonly platform: string;
  readonly media: string;
  readonly account: string;
  readonly callLog: string;
  readonly record: (id: string, view: string) => string;
  readonly extension: (id: number) => string;
  readonly device: (id: string) => { readonly id: string; readonly uri: string };
  readonly message: (id: string) => string;
  readonly authzProfile: (userId: string) => string;
  readonly recording: (id: string) => string;
  /** On the media host, which has another origin. */
  readonly content: (id: string) => string;
}

export function createLinks(platform: string, media: string, accountId: string): Links {
  const path = `/restapi/v1.0/account/${accountId}`;
  const account = `${platform}${path}`;
  return {
    platform,
    media,
    account,
    callLog: `${account}/call-log`,
    record: (id, view) => `${account}/call-log/${encodeURIComponent(id)}?view=${view}`,
    extension: (id) => `${account}/extension/${id}`,
    device: (id) => ({ id, uri: `${account}/device/${id}` }),
    message: (id) => `${account}/message/${id}`,
    authzProfile: (userId) => `${account}/extension/${userId}/authz-profile`,
    recording: (id) => `${account}/recording/${encodeURIComponent(id)}`,
    content: (id) => `${media}${path}/recording/${encodeURIComponent(id)}/content`,
  };
}
