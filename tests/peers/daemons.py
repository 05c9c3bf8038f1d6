"""Mail servers nobody here wrote, started in temporary folders on free loopback ports."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.peers.kit import Certificates, certificates

POSTFIX = "/usr/sbin/postfix"
DOVECOT = "/usr/sbin/dovecot"
DOVEADM = "/usr/bin/doveadm"
STARTS_IN_S = 15.0


def missing(*programs: str) -> str:
    """Say why these servers cannot run here, or nothing."""
    absent = [one for one in programs if not Path(one).exists()]
    if absent:
        return f"{', '.join(absent)} not installed (dovecot-imapd, dovecot-lmtpd, postfix)"
    return "" if os.geteuid() == 0 else "only root may start mail servers"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def wait_for_port(port: int, log: Path) -> None:
    deadline = time.monotonic() + STARTS_IN_S
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"no answer on port {port}: {log.read_text() if log.exists() else ''}")


def end_by_pid(pid: int, how: int = signal.SIGTERM) -> None:
    """End exactly this process and wait until it is gone."""
    try:
        os.kill(pid, how)
        for _ in range(200):
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            if state == "Z":  # dead, and nobody collects it
                return
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, FileNotFoundError):
        return


DOVECOT_CONF = """
base_dir = {run}
state_dir = {run}
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{chain}
ssl_key = <{chain}
disable_plaintext_auth = no
auth_mechanisms = plain login
log_path = {log}
default_internal_user = nobody
default_login_user = nobody
default_internal_group = nogroup
mail_location = maildir:{mail}/%u
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={mail}/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener sasl {{
    port = {sasl}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
auth_failure_delay = 0
"""


@dataclass
class Dovecot:
    """A Dovecot that accepts every user with the password ``secret``."""

    folder: Path
    certs: Certificates
    imap: int = field(default_factory=free_port)
    imaps: int = field(default_factory=free_port)
    lmtp: int = field(default_factory=free_port)
    sasl: int = field(default_factory=free_port)

    def configure(self) -> None:
        mail = self.folder / "mail"
        mail.mkdir()
        nobody = pwd.getpwnam("nobody")
        os.chown(mail, nobody.pw_uid, nobody.pw_gid)
        self.conf.write_text(
            DOVECOT_CONF.format(
                run=self.folder / "run", mail=mail, log=self.log, chain=self.certs.chain,
                imap=self.imap, imaps=self.imaps, lmtp=self.lmtp, sasl=self.sasl,
            )
        )  # fmt: skip

    @property
    def conf(self) -> Path:
        return self.folder / "dovecot.conf"

    @property
    def log(self) -> Path:
        return self.folder / "dovecot.log"

    def start(self) -> None:
        self._process = subprocess.Popen(
            [DOVECOT, "-F", "-c", str(self.conf)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for_port(self.imap, self.log)

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End the master; its children notice and go."""
        children = self.everybody() if how == signal.SIGKILL else []
        self._process.send_signal(how)
        self._process.wait(20)
        for child in children:
            end_by_pid(child, signal.SIGKILL)

    def everybody(self) -> list[int]:
        """Return the pids of the master's children."""
        listed = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(one) for one in listed.read_text().split()]

    def set_uidvalidity(self, user: str, number: int) -> None:
        self._doveadm("mailbox", "update", "-u", user, "--uid-validity", str(number), "INBOX")

    def _doveadm(self, *words: str) -> None:
        subprocess.run([DOVEADM, "-c", str(self.conf), *words], check=True, capture_output=True)

    def put(self, user: str, bodies: list[bytes]) -> None:
        """Lay mails into the user's folder at once, as a mass import does."""
        box = self.folder / "mail" / user
        nobody = pwd.getpwnam("nobody")
        for name in ("cur", "new", "tmp"):
            (box / name).mkdir(parents=True, exist_ok=True)
        for number, body in enumerate(bodies):
            (box / "new" / f"{1_700_000_000 + number}.M{number}P1.test").write_bytes(body)
        for path in (box, *box.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)


MAIN_CF = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
local_recipient_maps =
myhostname = relay.example
mynetworks = 127.0.0.0/8
smtpd_recipient_restrictions = permit_sasl_authenticated, permit_mynetworks, reject
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
message_size_limit = 200000
transport_maps = texthash:{folder}/etc/transport
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
smtpd_tls_cert_file = {chain}
smtpd_tls_key_file = {chain}
smtp_tls_security_level = none
smtp_dns_support_level = disabled
smtp_destination_concurrency_limit = 5
"""

MASTER_CF = """
127.0.0.1:{relay} inet n - n - - smtpd
127.0.0.1:{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_tls_auth_only=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass
class Postfix:
    """A Postfix with a relay port and an authenticated submission port.

    Mail goes by domain: ``box.example`` and ``novak.example`` into Dovecot, ``lmtp.example`` and
    ``smtp.example`` into receivers of ours, ``gone.example`` nowhere (unknown user).
    """

    folder: Path
    dovecot: Dovecot
    relay: int = field(default_factory=free_port)
    submission: int = field(default_factory=free_port)
    our_lmtp: int = field(default_factory=free_port)
    our_smtp: int = field(default_factory=free_port)

    def configure(self) -> None:
        for name in ("etc", "spool", "data"):
            (self.folder / name).mkdir()
        etc = self.folder / "etc"
        values = {
            "folder": self.folder, "sasl": self.dovecot.sasl, "chain": self.dovecot.certs.chain,
            "relay": self.relay, "submission": self.submission,
        }  # fmt: skip
        (etc / "main.cf").write_text(MAIN_CF.format(**values))
        (etc / "master.cf").write_text(MASTER_CF.format(**values))
        (etc / "transport").write_text(
            f"box.example lmtp:inet:127.0.0.1:{self.dovecot.lmtp}\n"
            f"novak.example lmtp:inet:127.0.0.1:{self.dovecot.lmtp}\n"
            f"lmtp.example lmtp:inet:127.0.0.1:{self.our_lmtp}\n"
            f"smtp.example smtp:[127.0.0.1]:{self.our_smtp}\n"
            "gone.example error:5.1.1 no such user\n"
        )
        os.chown(self.folder / "data", pwd.getpwnam("postfix").pw_uid, 0)

    @property
    def log(self) -> Path:
        return self.folder / "postfix.log"

    def start(self) -> None:
        subprocess.run(
            [POSTFIX, "-c", str(self.folder / "etc"), "start"], check=False, capture_output=True
        )
        wait_for_port(self.relay, self.log)

    def stop(self) -> None:
        pid = (self.folder / "spool" / "pid" / "master.pid").read_text()
        end_by_pid(int(pid))


def open_folder(folder: Path) -> Path:
    """Make a folder that the servers' own accounts may enter, all the way down."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    return folder


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


__all__ = ["Dovecot", "Postfix", "certificates", "missing", "open_folder", "remove"]
