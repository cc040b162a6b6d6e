import os, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
counts, lock = {}, threading.Lock()
class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = 200, 'ok\n'
        if self.path == '/metrics':
            body = ''.join(f'shop_requests_total{{status="{code}"}} {count}\n' for code, count in counts.items())
        elif self.path != '/healthz':
            status = 500 if os.environ.get('BAD') == '1' else 200
            with lock:
                counts[status] = counts.get(status, 0) + 1
        self.send_response(status)
        self.send_header('Content-Type', 'text/plain; version=0.0.4')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())
    def log_message(self, *args):
        pass
ThreadingHTTPServer(('', int(os.environ['PORT'])), Shop).serve_forever()
