/**
 * What CloudFront runs before it looks for a file (CloudFront Functions, JavaScript runtime 2.0): the addresses that the
 * page itself shows are all answered with the same document. A file's name has a dot, an address of the page has none.
 */
export const pagePaths = `
function handler(event) {
  const request = event.request;
  const name = request.uri.split('/').pop();
  if (!name.includes('.')) request.uri = '/index.html';
  return request;
}
`.trim();
