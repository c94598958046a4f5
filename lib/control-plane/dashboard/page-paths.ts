/**
 * Runs before CloudFront looks for a file (CloudFront Functions, JavaScript runtime 2.0). Every address of the page
 * gets the same document. The name of a file contains a dot, an address of the page does not.
 */
export const pagePaths = `
function handler(event) {
  const request = event.request;
  const name = request.uri.split('/').pop();
  if (!name.includes('.')) request.uri = '/index.html';
  return request;
}
`.trim();
