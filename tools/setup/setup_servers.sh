# Programs that Debian packages together with a system service, without that service. Sourced by tools/dev/dev_setup.sh.

# redis-server is in redis-tools: Debian's redis-server is a link to redis-check-rdb as well, the name decides.
redis_ready() { command -v redis-server >/dev/null || [ -e "$DEPS/bin/redis-server" ]; }
redis_install() { mkdir -p "$DEPS/bin" && ln -sf "$(command -v redis-check-rdb)" "$DEPS/bin/redis-server"; }

# nginx, which the benchmarks compare with.
nginx_ready() { PATH=$PATH:/usr/sbin command -v nginx >/dev/null || [ -x "$DEPS/bin/nginx" ]; }
nginx_install() {
  local work=$DEPS/nginx.new
  rm -rf "$work" && mkdir -p "$work" "$DEPS/bin"
  cd "$work"
  apt-get -o APT::Sandbox::User=root download nginx
  dpkg -x nginx_*.deb .
  mv usr/sbin/nginx "$DEPS/bin/nginx"
  cd "$DEPS" && rm -rf "$work"
}
