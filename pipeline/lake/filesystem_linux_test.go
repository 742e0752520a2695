package lake

import "testing"

func TestMountedType(t *testing.T) {
	const mounts = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
23 22 0:21 / /proc rw - proc proc rw
30 22 0:30 / /mnt/share rw - cifs //server/share rw
31 30 0:31 / /mnt/share/with\040blank rw shared:2 master:3 - nfs4 server:/export rw
32 22 0:32 / /home rw - autofs systemd-1 rw
33 32 0:33 / /home rw - fuse.sshfs user@host: rw
damaged
`
	tests := []struct{ path, want string }{
		{"/", "ext4"},
		{"/var/lake/lock", "ext4"},
		{"/mnt/shared/lock", "ext4"},
		{"/mnt/share/lock", "cifs"},
		{"/mnt/share/with blank/lake/lock", "nfs4"},
		{"/home/user/lock", "fuse.sshfs"},
	}
	for _, test := range tests {
		if got := mountedType(mounts, test.path); got != test.want {
			t.Errorf("mountedType(%q) = %q, want %q", test.path, got, test.want)
		}
	}
	if got := mountedType("", "/lock"); got != "unknown" {
		t.Errorf("without mounts: %q", got)
	}
	if got := fileSystem(t.TempDir()); got == "unknown" || got == "" {
		t.Errorf("fileSystem does not know the type of the test's own folder")
	}
}
