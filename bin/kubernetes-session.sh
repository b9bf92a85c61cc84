#!/bin/sh
name=kubernetes-session
self=$0
while [ -L "$self" ]; do
  link=$(readlink "$self")
  case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
done
. "$(dirname "$self")/launch.sh"
