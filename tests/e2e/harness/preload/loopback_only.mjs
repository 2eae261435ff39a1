// Preloaded into servers that would listen on every interface: they listen on 127.0.0.1, and tell their port on stderr.
import net from 'node:net';

const listen = net.Server.prototype.listen;

net.Server.prototype.listen = function (...args) {
  const callback = args.find((arg) => typeof arg === 'function');
  const first = args[0];
  const port = typeof first === 'object' && first !== null ? first.port : first;
  this.once('listening', () => process.stderr.write(`listening on 127.0.0.1:${this.address().port}\n`));
  return listen.call(this, { port: Number(port), host: '127.0.0.1' }, callback);
};
