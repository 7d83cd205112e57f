/**
 * onnxruntime-node's install script reads this file before it looks at its flag. Without a flag, it would fetch 300 MB of CUDA on every Linux machine,
 * from a host that is often not reachable, and `npm ci` would fail with it. `--onnxruntime-node-install=cuda12` or ONNXRUNTIME_NODE_INSTALL still asks for it.
 */
const isAsked = process.argv.some((argument) => argument.startsWith('--onnxruntime-node-install'));
if (!isAsked) process.env.ONNXRUNTIME_NODE_INSTALL ??= 'skip';

exports.bootstrap = () => {};
