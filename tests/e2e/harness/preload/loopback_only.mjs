// Preloaded into servers that would listen on every interface: they listen on 127.0.0.1, and tell their port on stderr.
// Below listen() itself, which resolves a host name later, while some programs ask for their port at once.
import net from 'node:net';

const bind = net.Server.prototype._listen2;

net.Server.prototype._listen2 = function (address, port, addressType, ...rest) {
  if (typeof port !== 'number' || port < 0) return bind.call(this, address, port, addressType, ...rest);
  this.once('listening', () => process.stderr.write(`listening on 127.0.0.1:${this.address().port}\n`));
  return bind.call(this, '127.0.0.1', port, 4, ...rest);
};
