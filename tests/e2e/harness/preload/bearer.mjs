// Preloaded into clients that have no option for headers: every request to E2E_BEARER_ORIGIN carries E2E_BEARER_TOKEN.
// Covers undici and fetch (each copy of undici subscribes to its own requests) and node:http.
import diagnostics from 'node:diagnostics_channel';
import http from 'node:http';

const origin = process.env.E2E_BEARER_ORIGIN;
const value = `Bearer ${process.env.E2E_BEARER_TOKEN}`;
const host = new URL(origin).host;

diagnostics.subscribe('undici:request:create', ({ request }) => {
  if (String(request.origin) === origin && !/authorization:/i.test(String(request.headers))) {
    request.addHeader('authorization', value);
  }
});

const plainRequest = http.request;
http.request = (...args) => {
  const request = plainRequest(...args);
  if (request.getHeader('host') === host && !request.hasHeader('authorization')) {
    request.setHeader('authorization', value);
  }
  return request;
};
