"""Forms that newsrooms fill in anew every day: much of the text stays, numbers and names change. Own-written."""

# ruff: noqa: E501 - prose

from __future__ import annotations

import random

Text = tuple[str, str]
TOWNS = [
    "Pekanbaru",
    "Dumai",
    "Bengkalis",
    "Siak",
    "Kampar",
    "Rengat",
    "Tembilahan",
    "Bagansiapiapi",
    "Selatpanjang",
    "Pasirpangaraian",
]
SKIES = ("cerah", "cerah berawan", "berawan", "berawan tebal", "hujan ringan", "hujan sedang", "hujan petir", "kabut")
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
FIRST = [
    "Andi",
    "Budi",
    "Candra",
    "Dedi",
    "Eko",
    "Fajar",
    "Gilang",
    "Hendra",
    "Irfan",
    "Joko",
    "Krisna",
    "Luthfi",
    "Mario",
    "Nadeo",
    "Osvaldo",
    "Pratama",
    "Rizky",
]
LAST = [
    "Setiawan",
    "Ridho",
    "Arhan",
    "Ferdinan",
    "Sayuri",
    "Haay",
    "Klok",
    "Irianto",
    "Saputra",
    "Walsh",
    "Kambuaya",
    "Dimas",
    "Sulaeman",
    "Vidal",
    "Costa",
]


def _date(chance: random.Random) -> str:
    return f"{chance.choice(DAYS)} ({chance.randrange(1, 29)}/{chance.randrange(1, 13)}/2025)"


def _rupiah(chance: random.Random, low: int, high: int) -> str:
    return f"Rp{chance.randrange(low, high) * 1000:,}".replace(",", ".")


def gold(chance: random.Random) -> Text:
    base = chance.randrange(1_800, 2_500)
    rows = "\n\n".join(
        f"Emas {weight} gram: Rp{int(base * 1000 * weight + chance.randrange(90) * 1000):,}".replace(",", ".")
        for weight in (1, 2, 3, 5, 10, 25, 50, 100)
    )
    move = chance.choice(("naik", "turun"))
    body = (
        f"Harga emas batangan produksi PT Aneka Tambang Tbk (Antam) pada perdagangan {_date(chance)} tercatat {move} "
        f"Rp{chance.randrange(1, 40)}.000 menjadi {_rupiah(chance, 1_800, 2_500)} per gram. Harga pembelian kembali "
        f"atau buyback juga {move} menjadi {_rupiah(chance, 1_600, 2_300)} per gram.\n\n"
        "Sesuai dengan Peraturan Menteri Keuangan, penjualan kembali emas batangan ke Antam dengan nominal lebih dari "
        "Rp10 juta dikenakan pajak penghasilan sebesar 1,5 persen untuk pemegang NPWP dan 3 persen untuk yang tidak "
        "memilikinya. Pajak itu dipotong langsung dari total nilai buyback.\n\n"
        f"Berikut harga pecahan emas batangan yang tercatat di laman Logam Mulia Antam.\n\n{rows}\n\n"
        "Pembelian emas batangan dikenakan pajak penghasilan sebesar 0,45 persen untuk pemegang NPWP dan 0,9 persen "
        "untuk pembeli tanpa NPWP. Setiap pembelian emas batangan disertai dengan bukti potong pajak."
    )
    return f"Harga Emas Antam Hari Ini {move.title()}", body


def weather(chance: random.Random) -> Text:
    lines = "\n\n".join(
        f"{town}: pagi {chance.choice(SKIES)}, siang {chance.choice(SKIES)}, malam {chance.choice(SKIES)}, suhu "
        f"{chance.randrange(21, 26)}-{chance.randrange(30, 36)} derajat Celsius, kelembapan "
        f"{chance.randrange(50, 70)}-{chance.randrange(85, 100)} persen."
        for town in TOWNS[:6]
    )
    body = (
        f"Badan Meteorologi, Klimatologi, dan Geofisika (BMKG) Stasiun Pekanbaru merilis prakiraan cuaca wilayah Riau "
        f"untuk {_date(chance)}. Secara umum cuaca di Riau diprakirakan {chance.choice(SKIES)}.\n\n{lines}\n\n"
        f"Angin bertiup dari arah tenggara ke barat daya dengan kecepatan 10-{chance.randrange(20, 40)} kilometer per "
        f"jam. Tinggi gelombang di perairan Riau berkisar 0,5 sampai 1,{chance.randrange(1, 9)} meter.\n\n"
        "BMKG mengimbau warga mewaspadai hujan yang dapat disertai petir dan angin kencang, terutama pada sore hari. "
        "Informasi cuaca terbaru dapat dipantau melalui laman dan aplikasi resmi BMKG."
    )
    return "Prakiraan Cuaca Riau Hari Ini", body


def prayer(chance: random.Random) -> Text:
    town = chance.choice(TOWNS)
    clock = [f"{hour:02}.{chance.randrange(60):02} WIB" for hour in (4, 6, 12, 15, 18, 19)]
    body = (
        f"Jadwal salat untuk wilayah {town} dan sekitarnya pada {_date(chance)} dirilis Kementerian Agama melalui "
        f"Bimas Islam. Umat Islam dapat memakai jadwal ini sebagai pedoman menunaikan salat lima waktu.\n\n"
        f"Subuh {clock[0]}, terbit {clock[1]}, Zuhur {clock[2]}, Asar {clock[3]}, Magrib {clock[4]}, Isya {clock[5]}.\n\n"
        "Salat merupakan tiang agama dan rukun Islam yang kedua. Setiap muslim yang sudah balig dan berakal wajib "
        "mengerjakannya dalam keadaan apa pun, baik sehat maupun sakit, di rumah maupun dalam perjalanan. Bagi musafir "
        "terdapat keringanan berupa jamak dan qasar.\n\n"
        "Sebelum salat, seseorang harus suci dari hadas besar dan kecil dengan mandi wajib, wudu, atau tayamum. "
        "Tempat dan pakaian juga harus bersih dari najis. Aurat ditutup dan badan menghadap kiblat.\n\n"
        "Salat di awal waktu lebih utama daripada menundanya. Salat berjemaah di masjid mendapat pahala dua puluh tujuh "
        "derajat dibandingkan dengan salat sendirian, sehingga warga dianjurkan mendatangi masjid terdekat begitu azan "
        "berkumandang."
    )
    return f"Jadwal Salat {town} Hari Ini", body


def line_up(chance: random.Random) -> Text:
    clubs = chance.sample(
        ["Persib", "Persija", "PSPS", "Persebaya", "Arema", "Bali", "Borneo", "Persis", "Dewa", "Madura"], 2
    )
    names = [f"{chance.choice(FIRST)} {chance.choice(LAST)}" for _ in range(24)]
    body = (
        f"Berikut susunan pemain {clubs[0]} melawan {clubs[1]} pada lanjutan kompetisi Liga 1 yang digelar "
        f"{_date(chance)} pukul {chance.choice((15, 19))}.{chance.choice(('00', '30'))} WIB. Pertandingan disiarkan "
        f"langsung dan dapat disaksikan melalui layanan streaming.\n\n"
        f"{clubs[0]} (4-3-3): {chance.randrange(1, 99)}-{'; '.join(names[:11])}. Pelatih: {names[22]}.\n\n"
        f"{clubs[1]} (4-2-3-1): {chance.randrange(1, 99)}-{'; '.join(names[11:22])}. Pelatih: {names[23]}.\n\n"
        f"Pada pertemuan terakhir kedua tim bermain {chance.randrange(4)}-{chance.randrange(4)}. Tautan siaran langsung "
        "dapat berubah sewaktu-waktu dan kami tidak bertanggung jawab atas kualitas siaran."
    )
    return f"Susunan Pemain {clubs[0]} vs {clubs[1]}", body


def quake(chance: random.Random) -> Text:
    town = chance.choice(TOWNS)
    body = (
        f"Gempa bumi dengan magnitudo {chance.randrange(3, 6)},{chance.randrange(10)} mengguncang wilayah {town}, "
        f"{_date(chance)} pukul {chance.randrange(24):02}.{chance.randrange(60):02} WIB. Pusat gempa berada di laut pada "
        f"kedalaman {chance.randrange(5, 120)} kilometer, {chance.randrange(10, 200)} kilometer barat daya {town}.\n\n"
        "Hasil pemodelan menunjukkan gempa ini tidak berpotensi tsunami. Hingga berita ini diturunkan belum ada laporan "
        "mengenai kerusakan bangunan akibat gempa tersebut dan belum terlihat adanya gempa susulan.\n\n"
        "BMKG mengimbau masyarakat tetap tenang dan tidak terpengaruh oleh isu yang tidak dapat dipertanggungjawabkan "
        "kebenarannya. Warga juga diminta menghindari bangunan yang retak atau rusak diakibatkan oleh gempa dan "
        "memastikan tempat tinggalnya cukup tahan gempa sebelum kembali ke dalam rumah."
    )
    return f"Gempa Guncang {town}", body


def licence(chance: random.Random) -> Text:
    places = chance.sample(("Mal SKA", "Pasar Bawah", "Kantor Camat Tampan", "Living World", "Stadion Utama"), 2)
    body = (
        f"Satuan Lalu Lintas kembali membuka layanan SIM keliling pada {_date(chance)}. Layanan tersedia di {places[0]} "
        f"dan {places[1]} mulai pukul 0{chance.randrange(8, 10)}.00 sampai {chance.randrange(12, 16)}.00 WIB.\n\n"
        "Layanan ini hanya melayani perpanjangan SIM A dan SIM C yang masih berlaku. Pemilik SIM yang sudah melewati "
        "masa berlaku harus mengurus penerbitan baru di kantor Satpas terdekat dengan mengikuti ujian teori dan "
        "praktik.\n\n"
        "Persyaratan yang harus dibawa adalah KTP asli beserta fotokopinya, SIM lama beserta fotokopinya, surat "
        "keterangan sehat, dan bukti lulus tes psikologi. Pemohon dianjurkan datang lebih awal karena kuota setiap hari "
        "dibatasi.\n\n"
        "Biaya perpanjangan mengikuti peraturan pemerintah tentang penerimaan negara bukan pajak, di luar biaya "
        "pemeriksaan kesehatan dan tes psikologi. Pembayaran dilakukan melalui bank yang ditunjuk."
    )
    return "Lokasi SIM Keliling Hari Ini", body


def exchange(chance: random.Random) -> Text:
    move = chance.choice(("menguat", "melemah"))
    body = (
        f"Nilai tukar rupiah terhadap dolar Amerika Serikat dibuka {move} {chance.randrange(2, 90)} poin menjadi "
        f"Rp16.{chance.randrange(100, 999)} per dolar AS pada perdagangan {_date(chance)}. Pada penutupan sebelumnya "
        f"rupiah berada di Rp16.{chance.randrange(100, 999)} per dolar AS.\n\n"
        f"Pengamat pasar uang {chance.choice(FIRST)} {chance.choice(LAST)} memperkirakan rupiah bergerak di kisaran "
        f"Rp16.{chance.randrange(100, 500)} hingga Rp16.{chance.randrange(500, 999)}. Menurut dia, pelaku pasar masih "
        "mencermati arah kebijakan suku bunga bank sentral Amerika Serikat dan perkembangan ekonomi dalam negeri.\n\n"
        f"Indeks dolar, yang mengukur kekuatan mata uang itu terhadap enam mata uang utama, berada di "
        f"{chance.randrange(95, 108)},{chance.randrange(10, 99)}. Imbal hasil obligasi pemerintah bertenor 10 tahun "
        f"tercatat {chance.randrange(6, 8)},{chance.randrange(10, 99)} persen."
    )
    return f"Rupiah {move.title()} Pagi Ini", body


def fuel(chance: random.Random) -> Text:
    prices = [_rupiah(chance, 11, 16) for _ in range(5)]
    body = (
        f"PT Pertamina (Persero) menyesuaikan harga bahan bakar minyak nonsubsidi yang berlaku mulai {_date(chance)} di "
        f"seluruh Indonesia. Di Riau, Pertamax dijual {prices[0]} per liter, Pertamax Turbo {prices[1]} per liter, "
        f"Dexlite {prices[2]} per liter, dan Pertamina Dex {prices[3]} per liter.\n\n"
        "Penyesuaian harga dilakukan dalam rangka mengimplementasikan keputusan Menteri Energi dan Sumber Daya Mineral "
        "mengenai formula harga dasar dalam perhitungan harga jual eceran bahan bakar umum jenis bensin dan minyak solar "
        "yang disalurkan melalui stasiun pengisian bahan bakar umum.\n\n"
        "Harga Pertalite tetap Rp10.000 per liter dan Biosolar tetap Rp6.800 per liter. Pembelian keduanya wajib "
        "menunjukkan kode QR yang terdaftar. Masyarakat yang menemukan penyimpangan dapat melapor ke pusat panggilan 135."
    )
    return "Harga BBM Hari Ini di Riau", body


def ceremony(chance: random.Random) -> Text:
    town, village = chance.sample(TOWNS, 2)
    who = [f"{chance.choice(FIRST)} {chance.choice(LAST)}" for _ in range(4)]
    body = (
        f"Kapolsek {town} {who[0]} menghadiri kegiatan penanaman jagung serentak bersama kelompok tani di Desa "
        f"{village}, {chance.choice(DAYS)} pagi. Kegiatan itu dilaksanakan dalam rangka mendukung program ketahanan "
        f"pangan nasional yang dicanangkan pemerintah pusat.\n\n"
        f"Turut hadir dalam kegiatan tersebut Camat {town} {who[1]}, Kepala Desa {village} {who[2]}, perwakilan "
        f"perusahaan, penyuluh pertanian lapangan, bhabinkamtibmas, serta para petani.\n\n"
        f"{who[0].split()[0]} mengatakan penanaman jagung merupakan bentuk sinergi antara kepolisian dan masyarakat. Ia "
        "berharap hasil panen nanti dapat meningkatkan kesejahteraan petani dan memenuhi kebutuhan pangan setempat.\n\n"
        f"Sementara itu, ketua kelompok tani {who[3]} menyampaikan terima kasih atas perhatian dan pendampingan yang "
        "diberikan. Menurutnya, bantuan benih dan pupuk sangat meringankan beban petani pada musim tanam kali ini.\n\n"
        "Kegiatan berlangsung aman, tertib, dan lancar, ditutup dengan foto bersama seluruh peserta yang hadir."
    )
    return f"Kapolsek {town} Hadiri Penanaman Jagung Serentak", body


def duty(chance: random.Random) -> Text:
    cases = [chance.randrange(2, 400) for _ in range(6)]
    body = (
        f"Kepolisian Daerah Riau mencatat {cases[0]} pelanggaran lalu lintas selama operasi yang digelar sejak "
        f"{_date(chance)}. Dari jumlah itu, {cases[1]} pengendara ditilang dan {cases[2]} lainnya mendapat teguran "
        f"tertulis.\n\n"
        f"Kepala bidang humas menyebut pelanggaran terbanyak adalah tidak memakai helm sebanyak {cases[3]} kasus, disusul "
        f"melawan arus {cases[4]} kasus dan melebihi muatan {cases[5]} kasus. Angka kecelakaan selama operasi juga "
        "dipantau setiap hari oleh petugas di lapangan.\n\n"
        "Ia mengimbau pengendara melengkapi surat kendaraan, memakai sabuk keselamatan, dan tidak memakai telepon genggam "
        "saat mengemudi. Keselamatan, katanya, merupakan tanggung jawab bersama."
    )
    return "Polda Riau Catat Pelanggaran Selama Operasi", body


def codes(chance: random.Random) -> Text:
    found = "\n\n".join("".join(chance.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=12)) for _ in range(12))
    body = (
        f"Kode hadiah permainan terbaru {_date(chance)} sudah dirilis dan bisa langsung diklaim para pemain. Kode ini terdiri "
        "dari 12 karakter gabungan huruf dan angka yang dapat ditukar dengan berbagai hadiah seperti kostum, senjata, dan "
        f"permata gratis. Berikut daftar kode yang bisa dicoba hari ini.\n\n{found}\n\n"
        "Untuk menukarkan kode, pemain harus mengunjungi laman resmi lalu masuk dengan akun yang tertaut. Salin kode ke kolom "
        "yang tersedia, tekan tombol konfirmasi, dan hadiah dikirim melalui surat di dalam permainan paling lambat 24 jam. "
        "Kode hanya berlaku di wilayah tertentu dan kuotanya terbatas sehingga pemain disarankan segera menukarkannya."
    )
    return "Kode Hadiah Terbaru Hari Ini", body


def market(chance: random.Random) -> Text:
    goods = ("beras medium", "cabai rawit", "bawang merah", "telur ayam", "daging sapi", "minyak goreng", "gula pasir")
    rows = "\n\n".join(f"Harga {one} berada di {_rupiah(chance, 11, 150)} per kilogram." for one in goods)
    body = (
        f"Harga sejumlah bahan pangan pada {_date(chance)} terpantau berubah berdasarkan data panel harga.\n\n{rows}\n\n"
        "Badan Pangan Nasional terus memantau pergerakan harga dan memastikan ketersediaan pasokan di seluruh daerah bersama "
        "pemerintah daerah dan pelaku usaha. Masyarakat diimbau berbelanja secukupnya."
    )
    return "Harga Pangan Hari Ini", body


def job(chance: random.Random) -> Text:
    firm = f"PT {chance.choice(LAST)} {chance.choice(LAST)}"
    body = (
        f"Lowongan kerja terbaru dibuka {firm} dengan penempatan di {chance.choice(TOWNS)}. Lamaran diterima paling lambat "
        f"{_date(chance)}.\n\nPelamar harus berusia paling tinggi {chance.randrange(25, 36)} tahun, sehat jasmani dan rohani, "
        f"serta bersedia bekerja dalam tim. Pengalaman kerja minimal {chance.randrange(1, 5)} tahun menjadi nilai tambah.\n\n"
        "Berkas yang harus disiapkan adalah surat lamaran, daftar riwayat hidup, fotokopi ijazah dan transkrip nilai, "
        "fotokopi kartu penduduk, serta pas foto terbaru. Seluruh berkas dikirim melalui surat elektronik dengan "
        "mencantumkan posisi yang dilamar pada bagian subjek. Hanya pelamar yang memenuhi syarat yang akan dipanggil. "
        "Seluruh proses tidak dipungut biaya dan pelamar diminta mewaspadai penipuan yang mengatasnamakan perusahaan."
    )
    return f"Lowongan Kerja {firm}", body


FAMILIES = (codes, market, job, ceremony, duty, gold, weather, prayer, line_up, quake, licence, exchange, fuel)
