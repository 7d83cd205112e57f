#!/bin/sh
# Turns a Debian or Ubuntu base into the one that Unmask runs on: the distribution's ffmpeg, a dedicated user, and its data folder.
set -eu
export DEBIAN_FRONTEND=noninteractive
# ffmpeg can show video in a window with OpenGL, and the software for that is a third of the image, so it is left out.
without() { for path; do printf ' -o Dpkg::Options::=--path-exclude=%s' "$path"; done; }
apt-get update
# shellcheck disable=SC2046 # each option is a word
apt-get install -y --no-install-recommends \
	$(without '/usr/lib/*/libLLVM*' '/usr/lib/*/libgallium*' '/usr/lib/*/libz3*' '/usr/lib/*/dri/*' \
		'/usr/share/doc/*' '/usr/share/man/*' '/usr/share/locale/*') \
	ca-certificates ffmpeg tini
rm -rf /var/lib/apt/lists/* /var/cache/apt /var/cache/debconf /var/log/apt /var/log/dpkg.log
find / -xdev -type f -perm /6000 -exec chmod a-s {} + # no setuid programs: nobody in here can become another user
useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin unmask
install -d -o unmask -g unmask /data
ln -s /app/dist/function/cli.js /usr/local/bin/unmask
ffmpeg -hide_banner -version
