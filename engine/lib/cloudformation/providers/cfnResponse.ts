/** The module that CloudFormation puts beside inline code, so that `require('cfn-response')` works; it sends a custom resource's answer. */
export const CFN_RESPONSE = `
const https = require('https');
exports.SUCCESS = 'SUCCESS';
exports.FAILED = 'FAILED';
exports.send = (event, context, status, data, physicalId, noEcho) => new Promise((resolve) => {
  const body = JSON.stringify({
    Status: status,
    Reason: 'See the details in CloudWatch Log Stream: ' + context.logStreamName,
    PhysicalResourceId: physicalId || context.logStreamName,
    StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId,
    NoEcho: noEcho || false, Data: data,
  });
  const url = new URL(event.ResponseURL);
  const request = https.request({ hostname: url.hostname, port: 443, path: url.pathname + url.search, method: 'PUT', headers: { 'content-type': '', 'content-length': Buffer.byteLength(body) } }, (response) => {
    response.resume();
    resolve(context.done());
  });
  request.on('error', () => resolve(context.done()));
  request.end(body);
});
`;
