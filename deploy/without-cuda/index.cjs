/**
 * onnxruntime-node's install script loads this file before it reads its flag. Without a flag, it would download 300 MB of CUDA on every Linux machine,
 * from a host that is often unreachable, and `npm ci` would fail. `--onnxruntime-node-install=cuda12` or ONNXRUNTIME_NODE_INSTALL still asks for the download.
 */
const isAsked = process.argv.some((argument) => argument.startsWith('--onnxruntime-node-install'));
if (!isAsked) process.env.ONNXRUNTIME_NODE_INSTALL ??= 'skip';

exports.bootstrap = () => {};
